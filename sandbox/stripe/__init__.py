"""The part that stands for Stripe, API version 2026-10-28.endive."""
