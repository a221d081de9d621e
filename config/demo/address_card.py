"""What `make run` prints once the doors are open."""

from typing import Final

from config.demo.environment import Ports

# Of Stripe's published test cards, those whose story ends at the payment.
# Source: https://docs.stripe.com/testing
TEST_CARDS: Final = {
    "4242 4242 4242 4242": "pays at once",
    "5555 5555 5555 4444": "pays at once (Mastercard)",
    "3782 822463 10005": "pays at once (American Express, four-digit CVC)",
    "4000 0027 6000 3184": "the bank asks each time (3-D Secure in the page)",
    "4000 0000 0000 3220": "the bank asks, and must be answered",
    "4000 0000 3200 0000": "the bank checks without asking, then pays",
    "4000 0084 0000 1629": "the bank says yes, then the card is declined",
    "4000 0082 6000 3178": "the bank says yes, then there is too little money",
    "4000 0084 0000 1280": "the bank cannot be asked, declined",
    "4000 0000 0000 0002": "declined",
    "4000 0000 0000 9995": "declined: too little money",
    "4000 0000 0000 9987": "declined: lost card",
    "4000 0000 0000 9979": "declined: stolen card",
    "4000 0000 0000 0069": "declined: expired card",
    "4000 0000 0000 0127": "declined: wrong CVC",
    "4000 0000 0000 0119": "declined: the bank could not process it",
    "4000 0000 0000 6975": "declined: used too often",
    "4100 0000 0000 0019": "blocked as fraud",
    "4242 4242 4242 4241": "no card number at all",
}
_CARD: Final = """
  {shop_name} is open. Ctrl-C closes it.

  Shop       {shop}/          in Korean {shop}/ko/
  Admin      {shop}/admin/
  Sandbox    {sandbox}/          stands for Stripe and Kollus
  Mailbox    {sandbox}/mail/
  Copies     {sandbox_player}/app/   films kept on devices: play or renew one

  Sign in    ada@example.com, bo@example.com or, as staff, cho@example.com;
             the code comes into the mailbox, and `make code` prints
             the second one, which the admin asks of cho;
             or with Google, Kakao or Naver, which the sandbox plays

  No mailbox nosuchbox@example.com refuses every mail: see what becomes of it

  Test cards, with any date to come and any CVC; no money moves
{cards}
"""


def address_card(ports: Ports, *, shop_name: str) -> str:
    """The addresses, who may sign in, and the test cards with what each does."""
    return _CARD.format(
        shop_name=shop_name,
        shop=f"http://localhost:{ports.shop}",
        sandbox=f"http://localhost:{ports.sandbox}",
        sandbox_player=f"http://kollus.localhost:{ports.sandbox}",
        cards="\n".join(f"  {number:<21}{story}" for number, story in TEST_CARDS.items()),
    )
