"""Google, Kakao and Naver as the shop sees them: a page that asks who you are, a token, a profile."""
