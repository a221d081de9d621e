"""Stripe Billing: products, prices, subscriptions, invoices. https://docs.stripe.com/billing"""
