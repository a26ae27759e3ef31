"""One page in English: how a trial starts in China."""

from __future__ import annotations

from eval.corpus.documents.imprint import IMPRINT_EN
from eval.corpus.documents.page import Table, page

TITLE = "Starting a clinical trial in China on one page"
SUBJECT = "Permission, ethics, filing, human genetic resources and safety reports"
_STYLE = """
html { font-size: 9.4pt; line-height: 1.42; word-spacing: .06em; }
@page { margin: 14mm 15mm 14mm; }
h2 { font-size: 11.5pt; margin: 3mm 0 1mm; }
p { text-align: left; }
section { break-inside: avoid; }
.columns h2 { margin-top: 0; padding-top: 2mm; }
"""
_LIMITS = Table(
    "Table 1 Time limits",
    ("Matter", "Limit", "Counted from", "Basis"),
    (
        ("Drug trial application (IND)", "60 working days; silence is consent", "acceptance",
         "Drug Administration Law, Article 19"),
        ("IND of eligible Class 1 innovative drugs", "30 working days", "acceptance",
         "NMPA Announcement No. 86 of 2025"),
        ("High-risk Class III device trial", "60 working days; silence is consent", "acceptance",
         "Regulations on Medical Devices, Article 27"),
        ("Ethics review", "30 days as a rule", "acceptance", "Guo Wei Ke Jiao Fa [2023] No. 4"),
        ("Human genetic resources licences", "20 working days, plus at most 10", "acceptance",
         "HGR Regulations, Article 32"),
        ("Device SAE, investigator", "24 hours", "awareness", "Device GCP, Article 32"),
        ("Device-related SAE, sponsor", "7 days if fatal or life-threatening, else 15 days",
         "awareness", "Device GCP, Article 44"),
        ("Drug SUSAR, sponsor to the CDE",
         "7 days if fatal or life-threatening, follow-up within 8 more; else 15 days",
         "first knowledge is day 0", "CDE standard of 2018-04-27"),
    ),
    widths=(29, 30, 15, 26),
)  # fmt: skip
_TEXTS = (
    ("Drug trials",
     "A drug trial may enrol its first participant only with IND permission, ethics approval, a "
     "filed site, platform registration and signed informed consent (Drug Administration Law, "
     "Articles 19 to 21). Bioequivalence studies are filed instead of being approved."),
    ("Device trials",
     "The sponsor files a device trial with the provincial drug regulator where the sponsor is "
     "located (Regulations on Medical Devices, Article 26). Filing comes after ethics approval "
     "and the signed site contract, and no consent or screening of the first participant may "
     "start before filing is complete (Device GCP, Article 40)."),
    ("Investigator-initiated research",
     "Research not aimed at registration needs scientific review, ethics review, institutional "
     "approval and upload to the national medical research filing system "
     "(Guo Wei Ke Jiao Fa [2024] No. 32). Off-label interventional studies of marketed products "
     "must meet all four conditions of Article 13."),
    ("Human genetic resources",
     "With a foreign party, a registration trial whose material stays in China is filed before "
     "it starts; other cooperation needs approval (HGR Regulations, Article 22). A company inside "
     "China under foreign control counts as a foreign party (Article 21). A joint report is due "
     "within 6 months after the cooperation ends (Article 26)."),
    ("Safety reports",
     "A SUSAR is serious, suspected to be related by investigator or sponsor, and unexpected. The "
     "investigator of a drug trial reports an SAE to the sponsor immediately (GCP of 2020, "
     "Article 26). In a device trial every SAE goes to the sponsor, the site's trial management "
     "office and the ethics committee (Device GCP, Article 32)."),
    ("Permissions lapse",
     "The approval of a high-risk Class III device trial lapses if no participant has signed "
     "informed consent within 3 years (SAMR Order 47, Article 45). Applicants of the channel of 30 "
     "working days commit to the first Chinese consent within 12 weeks of approval."),
    ("What runs in parallel",
     "Site feasibility, ethics, contract and budget, human genetic resources papers and system "
     "set-up can run in parallel. Contracts and site acceptance have no fixed limit and often "
     "decide the critical path."),
)  # fmt: skip


def one_page_summary() -> str:
    """The page."""
    columns = "".join(
        f"<section><h2>{heading}</h2><p>{words}</p></section>" for heading, words in _TEXTS
    )
    return page(
        TITLE, [f'<div class="columns">{columns}</div>', _LIMITS.html()], _STYLE, IMPRINT_EN, "en"
    )
