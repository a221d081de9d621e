"""The stand-in for Kollus VOD: gateway, player, licence server, playback and progress callbacks.

It follows Kollus' public pages (https://docs.kollus.com); what they leave open is decided in `switches.py`.
Every content plays the same short film, really encrypted, repeated until the content's own length is filled.
"""
