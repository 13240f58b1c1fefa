from datetime import date, timedelta

from django.core.mail import send_mail
from django.core.management.base import BaseCommand

from loans.models import Loan

TEMPLATE = """Dear {name},

please bring back "{title}" by {due}.

Your town library
"""


class Command(BaseCommand):
    help = "Reminds readers of loans that are due"

    def handle(self, *args, **options):
        for loan in Loan.objects.filter(due=date.today() + timedelta(days=3)):
            text = TEMPLATE.format(name=loan.reader.name, title=loan.title.name, due=loan.due)
            send_mail("Loan", text, "library@example.org", [loan.reader.name])
