from django.db import models


class Title(models.Model):
    isbn = models.CharField(max_length=13, unique=True)
    name = models.CharField(max_length=300)
    embedding_note = models.TextField(blank=True, help_text="Note about plates and maps that are embedded in the volume")
    cover = models.ImageField(upload_to="covers", null=True)


class Reader(models.Model):
    name = models.CharField(max_length=200)
    tokens = models.PositiveIntegerField(default=10, help_text="Reservations that are left this year")


class Loan(models.Model):
    title = models.ForeignKey(Title, on_delete=models.PROTECT)
    reader = models.ForeignKey(Reader, on_delete=models.CASCADE)
    due = models.DateField()
    completions = models.PositiveIntegerField(default=0)
