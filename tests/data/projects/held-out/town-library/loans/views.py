from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from loans.covers import thumbnail
from loans.models import Loan, Title


def search(request):
    query = request.GET.get("q", "")
    found = Title.objects.filter(Q(name__icontains=query) | Q(isbn=query))[:50] if query else []
    return render(request, "search.html", {"titles": found})


@login_required
@require_POST
def extend(request, pk):
    loan = get_object_or_404(Loan, pk=pk, reader__name=request.user.username)
    loan.due += timedelta(days=28)
    loan.completions += 1
    loan.save(update_fields=["due", "completions"])
    return render(request, "loan.html", {"loan": loan})


def cover(request, pk):
    return FileResponse(thumbnail(get_object_or_404(Title, pk=pk).cover), content_type="image/jpeg")
