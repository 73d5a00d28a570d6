package study

import (
	"cmp"
	"fmt"
	"slices"
)

// Credits is what each channel would have earned under one model.
type Credits struct {
	Model    string
	Channels []Credit // by name
}

// Credit is what one channel would have earned.
type Credit struct {
	Channel string
	Worth
	Removal float64 // under Markov: the part of the conversions that would be lost without the channel
}

// names of the models, in the order of their constants.
var modelNames = [models]string{"first", "last", "linear", "position", "time_decay", "shapley"}

// Credits shares what the journeys came to, under every model. Markov's shares are in proportion to the removal effects.
func (s *Study) Credits() ([]Credits, error) {
	var all []Credits
	for m, name := range modelNames {
		all = append(all, s.list(name, func(i int) Credit { return Credit{Worth: s.channels[i].credits[m]} }))
	}
	for k := range s.chains {
		effects, err := s.Removal(k + 1)
		if err != nil {
			return nil, err
		}
		var sum float64
		for _, effect := range effects {
			sum += effect
		}
		all = append(all, s.list(fmt.Sprintf("markov_%d", k+1), func(i int) Credit {
			credit := Credit{Removal: effects[i]}
			if sum > 0 {
				credit.add(effects[i]/sum, s.total)
			}
			return credit
		}))
	}
	return all, nil
}

func (s *Study) list(model string, credit func(i int) Credit) Credits {
	c := Credits{Model: model}
	for i, name := range s.names {
		one := credit(i)
		one.Channel = name
		c.Channels = append(c.Channels, one)
	}
	slices.SortFunc(c.Channels, func(a, b Credit) int { return cmp.Compare(a.Channel, b.Channel) })
	return c
}
