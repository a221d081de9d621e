from django.urls import path, re_path

from billing import (
    account_views,
    address_views,
    card_views,
    legal_views,
    membership_views,
    plan_views,
    privacy_views,
    receipt_views,
    refund_views,
    renewal_views,
    views,
    withdrawal_views,
)

app_name = "billing"

urlpatterns = [
    re_path(r"^checkout/(?P<kind>videos|collections)/(?P<slug>[-\w]+)/$", views.checkout, name="checkout"),
    re_path(r"^checkout/(?P<kind>videos|collections)/(?P<slug>[-\w]+)/panel/$", views.panel, name="panel"),
    path("checkout/return/", views.returned, name="return"),
    path("checkout/return/order/", views.returned_order, name="returned_order"),
    path("imprint/", legal_views.imprint, name="imprint"),
    path("terms/", legal_views.terms, name="terms"),
    path("terms/<int:number>/", legal_views.terms, name="terms_edition"),
    path("privacy/", legal_views.privacy, name="privacy"),
    path("privacy/<int:number>/", legal_views.privacy, name="privacy_edition"),
    path("refund-policy/", legal_views.refunds, name="refund_policy"),
    path("account/your-data/", privacy_views.your_data, name="your_data"),
    path("account/your-data/archive/", privacy_views.archive, name="archive"),
    path("account/erase/", privacy_views.erase, name="erase"),
    path("orders/", account_views.orders, name="orders"),
    path("orders/<str:reference>/", views.order, name="order"),
    path("orders/<str:reference>/address/", address_views.address, name="address"),
    path("orders/<str:reference>/membership/", membership_views.membership, name="membership"),
    path("orders/<str:reference>/plan/", plan_views.plan, name="plan"),
    path("orders/<str:reference>/receipt/", receipt_views.receipt, name="receipt"),
    path("orders/<str:reference>/company/", receipt_views.company, name="company"),
    path("orders/<str:reference>/receipt.pdf", receipt_views.receipt_pdf, name="receipt_pdf"),
    path(
        "orders/<str:reference>/credit-notes/<int:number>.pdf", receipt_views.credit_note, name="credit_note"
    ),
    path("receipts/<str:token>/", receipt_views.mailed_receipt, name="mailed_receipt"),
    path("receipts/<str:token>/receipt.pdf", receipt_views.mailed_receipt_pdf, name="mailed_receipt_pdf"),
    path(
        "receipts/<str:token>/credit-notes/<int:number>.pdf",
        receipt_views.mailed_credit_note,
        name="mailed_credit_note",
    ),
    path("orders/<str:reference>/card/", card_views.card, name="card"),
    path("orders/<str:reference>/renewal/", renewal_views.renewal_of_order, name="renewal_of_order"),
    path("renewals/<str:token>/", renewal_views.renewal, name="renewal"),
    path("orders/<str:reference>/refund/", refund_views.refund, name="refund"),
    path("withdraw/", withdrawal_views.ask, name="withdraw"),
    path("withdraw/<str:token>/", withdrawal_views.withdrawal, name="withdrawal"),
]
