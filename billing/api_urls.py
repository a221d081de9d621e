from django.urls import path

from billing import api, refund_views

app_name = "billing_api"

urlpatterns = [
    path("orders/", api.Orders.as_view(), name="orders"),
    path("orders/<str:reference>/", api.OrderStatus.as_view(), name="order"),
    path("orders/<str:reference>/another-card/", api.AnotherCard.as_view(), name="another_card"),
    path("orders/<str:reference>/refunds/", refund_views.Refunds.as_view(), name="refunds"),
    path("checkout-links/", api.CheckoutLinks.as_view(), name="checkout_links"),
]
