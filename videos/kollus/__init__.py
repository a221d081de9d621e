"""Kollus' dialect: its URLs, claims, field names and limits. Nothing here knows who may watch what."""
