"""Stripe Tax. https://docs.stripe.com/tax/custom"""
