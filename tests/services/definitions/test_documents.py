from services.definitions.documents import required_documents


def codes(definition, answers):
    return [(document.code, document.mandatory) for document in required_documents(definition, answers)]


def test_documents_follow_the_answers(service):
    birth = service("rita-cheti-cha-kuzaliwa")

    assert codes(birth, {"registration_type": "ndani_90"}) == [
        ("birth_notification", True),
        ("parent_id", True),
        ("clinic_card", False),
        ("baptism_cert", False),
    ]
    assert codes(birth, {"registration_type": "zaidi_miaka_10"}) == [
        ("parent_id", True),
        ("weo_letter", True),
        ("clinic_card", False),
        ("baptism_cert", False),
        ("school_leaving", False),
        ("passport_photo", True),
    ]
    assert codes(birth, {}) == [("parent_id", True), ("clinic_card", False), ("baptism_cert", False)]


def test_a_document_that_the_portal_issues_says_so(service):
    documents = {
        d.code: d.issued_by for d in required_documents(service("uhamiaji-pasipoti"), {"employment": "hapana"})
    }

    assert documents["birth_cert"] == "rita-cheti-cha-kuzaliwa"
    assert documents["weo_letter"] == "mtaa-barua-ya-utambulisho"
    assert documents["nida_id"] is None
