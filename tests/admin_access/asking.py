"""Asks one address as one role, and says whether the door is open."""

from django.contrib.messages import get_messages
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

REFUSALS = ("you do not have permission", "You may not do that")  # Wagtail's words and ours


def is_open(response: HttpResponse) -> bool:
    """Whether something is there for that role and method."""
    return response.status_code not in (404, 405) and not is_refused(response)


def is_refused(response: HttpResponse) -> bool:
    """403, the way to the log-in page, or back to the home page with a message."""
    if response.status_code == 403:
        return True
    if response.status_code not in (301, 302):
        return False
    if "login" in response.url:
        return True
    said = [str(message) for message in get_messages(response.wsgi_request)]
    return any(words in text for words in REFUSALS for text in said)


def ask(client: Client, method: str, path: str) -> HttpResponse:
    """The answer; whatever the request changed is taken back."""
    cookies = client.cookies.copy()  # one of the addresses is the log-out
    passing = transaction.atomic()
    passing._from_testcase = True  # as the test's own transaction is: procedures that must be outermost may run inside
    with passing:
        response = getattr(client, method.lower())(path)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response
