"""Signing in with an account that somebody has elsewhere: Google, Kakao, Naver."""
