from django.urls import URLPattern, path

from billing import api, card_api, plan_api, refund_views, renewal_api

app_name = "billing_api"


def _payments(at: str, by: str) -> list[URLPattern]:
    """The calls that pay a renewal, by a mailed link or for who holds the membership."""
    view, another = renewal_api.RenewalPaymentStatus.as_view(), renewal_api.AnotherCardForRenewal.as_view()
    return [
        path(at, renewal_api.RenewalPayments.as_view(), name=f"renewal_payments{by}"),
        path(f"{at}<int:number>/", view, name=f"renewal_payment{by}"),
        path(f"{at}<int:number>/another-card/", another, name=f"renewal_another_card{by}"),
    ]


urlpatterns = [
    path("orders/", api.Orders.as_view(), name="orders"),
    path("orders/<str:reference>/", api.OrderStatus.as_view(), name="order"),
    path("orders/<str:reference>/another-card/", api.AnotherCard.as_view(), name="another_card"),
    path("orders/<str:reference>/plan-changes/", plan_api.PlanChanges.as_view(), name="plan_changes"),
    path("orders/<str:reference>/refunds/", refund_views.Refunds.as_view(), name="refunds"),
    path("orders/<str:reference>/card/changes/", card_api.CardChanges.as_view(), name="card_changes"),
    path(
        "orders/<str:reference>/card/changes/<int:number>/", card_api.CardChange.as_view(), name="card_change"
    ),
    path(
        "orders/<str:reference>/card/changes/<int:number>/another-card/",
        card_api.AnotherCardForMembership.as_view(),
        name="card_another_card",
    ),
    *_payments("orders/<str:reference>/renewal/payments/", "_of_order"),
    *_payments("renewals/<str:token>/payments/", ""),
    path("checkout-links/", api.CheckoutLinks.as_view(), name="checkout_links"),
]
