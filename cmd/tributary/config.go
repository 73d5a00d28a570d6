package main

import (
	"io"
	"os"

	"github.com/alecthomas/kong"
)

// belowEnvironment reads a configuration file whose values give way to environment variables.
func belowEnvironment(file io.Reader) (kong.Resolver, error) {
	values, err := kong.JSON(file)
	if err != nil {
		return nil, err
	}
	return kong.ResolverFunc(func(context *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
		for _, name := range flag.Envs {
			if _, set := os.LookupEnv(name); set {
				return nil, nil
			}
		}
		return values.Resolve(context, parent, flag)
	}), nil
}
