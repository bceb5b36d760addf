// Package catalog says what the clinic offers: services, and who offers each at which price and length; plans that are sold at once for
// several visits or for a time; and products.
//
// It owns services, service_specialists, service_plans with what they hold, and products. It knows nothing about times: the same service may
// be offered under many rules. A service without length, price or specialists is legal; it is reached by call-back only. It knows nothing
// about who bought what: that is credit. Prices are whole minor units beside their currency; an absent price is a price on request and 0 is
// free.
package catalog
