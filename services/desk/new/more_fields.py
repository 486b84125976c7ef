"""What helps whoever takes over, when it is known. Nothing of it must be told."""

from services.desk.new.field import Field, _
from services.desk.wordings import ACCESSIBILITY, DISABILITY, EDUCATION

MORE_FIELDS = (
    Field("health.disability_degree", _("Stopień niepełnosprawności"), "select", DISABILITY),
    Field("health.disability_symbols", _("Symbole z orzeczenia"), "list", hint=_("Na przykład 05-R, 02-P.")),
    Field("health.in_therapy", _("Osoba jest w terapii"), "flag", hint=_("Terapia nie jest warunkiem skierowania.")),
    Field(
        "health.contraindications",
        _("Są przeciwwskazania zdrowotne"),
        "flag",
        hint=_("Jakie, powiedz przy przekazaniu osoby; nie wpisuj ich tutaj."),
    ),
    Field("background.education", _("Wykształcenie"), "select", EDUCATION),
    Field("background.occupation", _("Zawód")),
    Field("background.skills", _("Umiejętności")),
    Field("background.driving_licences", _("Prawo jazdy"), "list", hint=_("Kategorie, na przykład B, C.")),
    Field("background.work_history", _("Dotychczasowa praca"), "text"),
    Field("background.last_job_ended_on", _("Koniec ostatniej pracy"), "day"),
    Field("situation.family", _("Sytuacja rodzinna"), hint=_("Jednym zdaniem.")),
    Field("situation.housing", _("Mieszkanie"), hint=_("Jednym zdaniem.")),
    Field("situation.care_duties", _("Opieka nad innymi")),
    Field("situation.transport", _("Dojazd")),
    Field("situation.debts", _("Zadłużenie")),
    Field("expectations", _("Oczekiwania osoby"), "text"),
    Field("availability", _("Kiedy osoba może przychodzić")),
    Field("accessibility", _("Czego osoba potrzebuje"), "many", ACCESSIBILITY),
    Field("accessibility_needs", _("Inne potrzeby"), "text"),
)
