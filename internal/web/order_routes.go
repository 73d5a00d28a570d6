package web

import "github.com/tributary-hq/tributary/internal/auth"

// orderRoutes are where people change what is known of an order, and on what condition event types are paid.
var orderRoutes = []route{
	{"GET /console/{program}/conversions/{cnv}/change", auth.WriteCommissions, (*site).orderForms},
	{"POST /console/{program}/conversions/{cnv}/refund", auth.WriteCommissions, (*site).refundOrder},
	{"POST /console/{program}/conversions/{cnv}/edit", auth.WriteCommissions, (*site).editOrder},
	{"POST /console/{program}/conversions/{cnv}/verdict", auth.WriteCommissions, (*site).judgeOrder},
	{"GET /console/{program}/settings/orders", auth.Read, (*site).orderSettings},
	{"POST /console/{program}/settings/qualifying", auth.WriteSettings, (*site).changeQualifying},
	{"POST /console/{program}/settings/postback-names", auth.WriteSettings, (*site).changePostbackNames},
}
