from django.urls import path

from loans import views

urlpatterns = [path("", views.search), path("loans/<int:pk>/extend", views.extend), path("covers/<int:pk>", views.cover)]
