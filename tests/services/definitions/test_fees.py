from decimal import Decimal

import pytest

from services.definitions.fees import FeeUndetermined, fee_summary, quote


@pytest.mark.parametrize(
    ("slug", "answers", "total", "currency", "is_estimate"),
    [
        ("rita-cheti-cha-kuzaliwa", {"registration_type": "ndani_90"}, "8000", "TZS", False),
        ("rita-cheti-cha-kuzaliwa", {"registration_type": "siku_91_miaka_10"}, "8000", "TZS", False),
        ("rita-cheti-cha-kuzaliwa", {"registration_type": "zaidi_miaka_10"}, "20000", "TZS", True),
        ("rita-cheti-cha-kifo", {"registration_type": "ndani_30"}, "7000", "TZS", False),
        ("rita-nakala-ya-cheti-cha-ndoa", {"copies": 1}, "30000", "TZS", True),
        ("rita-nakala-ya-cheti-cha-ndoa", {"copies": 3}, "70000", "TZS", True),
        ("brela-taarifa-ya-mwaka", {"late_months": 0}, "22000", "TZS", False),
        ("brela-taarifa-ya-mwaka", {"late_months": 3}, "29500", "TZS", False),
        ("brela-taarifa-ya-mwaka", {"late_months": 240}, "622000", "TZS", False),
        ("brela-usajili-wa-kampuni", {"company_type": "hisa", "share_capital": "1000000"}, "172200", "TZS", False),
        ("brela-usajili-wa-kampuni", {"company_type": "hisa", "share_capital": "1000001"}, "252200", "TZS", False),
        ("brela-usajili-wa-kampuni", {"company_type": "hisa", "share_capital": "50000001"}, "517200", "TZS", False),
        ("brela-usajili-wa-kampuni", {"company_type": "dhamana", "share_capital": None}, "377200", "TZS", False),
        ("tmda-kibali-cha-kuingiza-dawa", {"fob_value": "1234567", "fob_currency": "TZS"}, "24691", "TZS", False),
        ("tmda-kibali-cha-kuingiza-dawa", {"fob_value": "1000.55", "fob_currency": "USD"}, "20.01", "USD", False),
        ("ega-anwani-ya-tovuti", {"years": 1}, "25000", "TZS", False),
        ("ega-anwani-ya-tovuti", {"years": 5}, "125000", "TZS", False),
        ("polisi-hati-ya-tabia-njema", {"applicant_location": "ndani"}, "10000", "TZS", True),
        ("polisi-hati-ya-tabia-njema", {"applicant_location": "nje"}, "50", "USD", True),
        ("halmashauri-kibali-cha-ujenzi", {"floor_area": "100"}, "50000", "TZS", True),
        ("halmashauri-kibali-cha-ujenzi", {"floor_area": "100.01"}, "150000", "TZS", True),
        ("halmashauri-kibali-cha-ujenzi", {"floor_area": "300.5"}, "400000", "TZS", True),
        ("brela-jina-la-biashara", {}, "20000", "TZS", True),
        ("latra-leseni-ya-teksi", {}, "35000", "TZS", False),
    ],
)
def test_known_fees(service, today, slug, answers, total, currency, is_estimate):
    fee = quote(service(slug), answers, today=today)

    assert (fee.total, fee.currency, fee.is_estimate) == (Decimal(total), currency, is_estimate)
    assert {line.gfs_code for line in fee.lines} == {"140202"}


@pytest.mark.parametrize(
    ("slug", "answers"),
    [
        ("rita-cheti-cha-kuzaliwa", {}),
        ("rita-cheti-cha-kuzaliwa", {"registration_type": "kesho"}),
        ("brela-taarifa-ya-mwaka", {"late_months": None}),
        ("brela-taarifa-ya-mwaka", {"late_months": -100}),
        ("brela-taarifa-ya-mwaka", {"late_months": "three"}),
        ("tmda-kibali-cha-kuingiza-dawa", {"fob_value": "1000", "fob_currency": None}),
        ("tmda-kibali-cha-kuingiza-dawa", {"fob_currency": "TZS"}),
        ("ega-anwani-ya-tovuti", {"years": -1}),
        ("ega-anwani-ya-tovuti", {"years": 10**12}),
    ],
)
def test_no_bill_from_answers_that_lead_to_no_fee(service, today, slug, answers):
    with pytest.raises(FeeUndetermined):
        quote(service(slug), answers, today=today)


def test_what_is_free_has_no_lines(service, today):
    free = quote(service("tra-tin-mtu-binafsi"), {}, today=today)
    nil = quote(service("tbs-alama-ya-ubora"), {"msme": "ndiyo"}, today=today)

    assert (free.lines, free.total, free.is_free, free.rule.en) == ((), 0, True, "Free of charge")
    assert (nil.lines, nil.is_free, nil.rule.en) == ((), True, "Small producer via SIDO? is Yes")


def test_items_and_additions_are_lines_of_the_bill(service, today):
    passport = quote(service("uhamiaji-pasipoti"), {}, today=today)
    company = quote(service("brela-usajili-wa-kampuni"), {"share_capital": "5000000"}, today=today)

    assert [(line.label.en, line.amount) for line in passport.lines] == [
        ("Advance form fee", 20_000),
        ("Passport fee", 130_000),
    ]
    assert [line.amount for line in company.lines] == [175_000, 66_000, 10_000, 1_200]


def test_more_copies_make_the_published_fee_an_estimate(service, today):
    copies = service("rita-nakala-ya-cheti-cha-ndoa")

    assert [line.status for line in quote(copies, {"copies": 1}, today=today).lines] == ["published", "published"]
    assert [line.status for line in quote(copies, {"copies": 2}, today=today).lines] == ["published", "illustrative"]


def test_a_council_is_paid_after_assessment(service, today):
    assert quote(service("halmashauri-kibali-cha-ujenzi"), {"floor_area": "80"}, today=today).payable_at == (
        "after_assessment"
    )


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("tra-tin-mtu-binafsi", []),
        (
            "rita-cheti-cha-kuzaliwa",
            [
                ("Time since birth is Within 90 days or After 90 days, under 10 years", "TZS 8,000", False),
                ("Time since birth is More than 10 years", "TZS 20,000", True),
            ],
        ),
        (
            "tmda-kibali-cha-kuingiza-dawa",
            [("Fee: Import permit for medicines or medical devices", "2% of FOB value", False)],
        ),
        (
            "brela-taarifa-ya-mwaka",
            [
                (
                    "Fee: Filing a company annual return",
                    "TZS 22,000, plus TZS 2,500 for each month or part of a month late",
                    False,
                )
            ],
        ),
        (
            "tbs-alama-ya-ubora",
            [
                ("Small producer via SIDO? is Yes", "Free of charge", False),
                ("Small producer via SIDO? is No", "TZS 150,000", True),
            ],
        ),
    ],
)
def test_the_service_page_says_what_it_may_cost(service, slug, expected):
    lines = [(line.label.en, line.amount.en, line.is_estimate) for line in fee_summary(service(slug))]

    assert lines == expected
