"""没等着 Reads a text that nothing waits for: what is said anywhere, then what the parse heard."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from dialogue.answers import is_english, points
from dialogue.digressions import REPORT_INTENTS, misheard, too_weak
from dialogue.readings import ParseData, direct, intent, word
from dialogue.short_words import whole
from dialogue.wishes import several_questions, with_all_wishes
from dialogue.words import LEXICON_TEXT, Words, squeeze

Parse = Callable[[str], Awaitable[ParseData]]

# Where a question about somebody's situation waits, a short text read as one of these answers it.
UNCLEAR = ("nlu_fallback", "out_of_scope", "inform", "affirm", "deny", "ask_guide")
# Whoever asks for a person in a sentence of this length means it.
REQUEST_TEXT = 30
# What a citizen may ask for about their own data, by the group of words that says so.
PERSONAL = {"personal_withdraw": "withdraw", "personal_erase": "erase", "personal_copy": "copy",
            "personal_correct": "correct", "personal_notice": "notice"}  # fmt: skip
MANNERS = {"greet": "greet", "thank": "thank", "goodbye": "goodbye"}
# Said anywhere and meaning the same everywhere, in the order in which they are looked for.
ANYWHERE = {
    "human": "ask_human",
    "progress": "query_progress",
    "verify": "verify_identity",
    "withdraw": "withdraw",
    "supplement": "supplement",
    "hands_in": "supplement",
    **MANNERS,
    "resume": "resume",
    "cancel": "cancel",
    "vent": "vent",
    "yes": "affirm",
    "no": "deny",
}
# Meant even inside a longer sentence; the others of this kind only when nothing else is said.
WORDY = ("human", "progress")
ALONE = ("yes", "no", "resume", "cancel")
# What is asked for may sound like these where it is the item itself that is wished for.
OPENS = ("ask_guide", "ask_proxy", "book_appointment", "query_progress", "nlu_fallback")
SURE_WISH = 0.8
"""From this confidence on somebody applies for something, though it is not clear for what."""

FILL_IN = "填"
"""Ends what says to go on with a form even beside its name; 继续办 may be said of anything."""

BARE_NUMBER = re.compile(r"^\+?[\d\-]{6,}x?$")


async def unasked(text: str, parse: Parse, words: Words) -> ParseData:
    """Read a text nobody waits for."""
    if asked := own_data(text, words):
        return asked
    for group, name in ANYWHERE.items():
        if group in ALONE:
            if whole(words, group, text) or (group == "resume" and _resumes(text, words)):
                return {**await parse(text), **intent(name)}
        elif words.says(group, text, limit=REQUEST_TEXT if group in WORDY else LEXICON_TEXT):
            return {**await parse(text), **intent(name)}
    if BARE_NUMBER.match(squeeze(text)):
        return word("number", text)
    if points(text) or is_english(text):
        # Points at nothing that was offered, or speaks a language the clerk does not.
        return direct("nlu_fallback", text)
    parsed = await with_all_wishes(await parse(text), parse)
    parsed = await several_questions(parsed, parse, words)
    if parsed.get("elsewhere") or parsed.get("pair"):
        return parsed
    sure = parsed["intent"].get("confidence", 0.0)
    rather = misheard(parsed, text, words)
    heard = {**parsed, **intent(rather, sure)} if rather else _meant(parsed, text, words)
    if _calls_somebody_home(heard, text, words):
        return {**heard, **intent("ask_proxy")}
    return heard


def own_data(text: str, words: Words) -> ParseData | None:
    """Read what is asked for about one's own data: a right that no model is to miss."""
    for group, about in PERSONAL.items():
        if words.says(group, text, limit=REQUEST_TEXT):
            entity = {"entity": "about", "value": about, "start": 0, "end": len(text),
                      "extractor": "gate"}  # fmt: skip
            return direct("ask_personal_data", text, [entity])
    return None


def _meant(parsed: ParseData, text: str, words: Words) -> ParseData:
    """Return the parse with the intent that words beside it make certain."""
    if words.says("benefits", text, limit=40) and parsed.get("item_outcome") != "confident":
        return {**parsed, **intent("ask_eligibility")}
    if _applies(parsed, text, words):
        return {**parsed, **intent("start_application")}
    if parsed["intent"].get("name") in REPORT_INTENTS and words.says("own_plan", text, limit=40):
        return {**parsed, **intent("ask_guide")}
    if _applies_hardly(parsed):
        return {**parsed, **intent("ask_guide", parsed["intent"]["confidence"])}
    if too_weak(parsed):
        return {**parsed, **intent("nlu_fallback", parsed["intent"].get("confidence", 0.0))}
    return parsed


def _applies_hardly(parsed: ParseData) -> bool:
    """Tell whether a form would open by a weak guess alone, which names nothing to apply for.

    "就她一个人，户口在我这" tells of a case; nobody is put into a form for that.
    """
    name, sure = parsed["intent"].get("name"), float(parsed["intent"].get("confidence", 0.0))
    unsure = parsed.get("item_outcome") != "confident" and sure < SURE_WISH
    return name == "start_application" and unsure


def _applies(parsed: ParseData, text: str, words: Words) -> bool:
    """Tell whether an item is asked for by "申请" and the like, and not asked about.

    An item whose name says what is done (查询, 预约, 打印) is asked for by that word as well.
    """
    name = parsed["intent"].get("name")
    if words.says("question", text, limit=40):
        return False
    if name in ("ask_guide", "ask_proxy", "nlu_fallback") and words.says("apply", text, limit=40):
        return True
    if parsed.get("item_outcome") != "confident" or name not in OPENS:
        return False
    found = (one.search(squeeze(text)) for one in words.groups["does"].patterns)
    return any(does and does["verb"] in str(parsed["items"][0]["name"]) for does in found)


def _calls_somebody_home(parsed: ParseData, text: str, words: Words) -> bool:
    """Tell whether it is said that somebody cannot come, and nothing else is asked for."""
    return (
        (too_weak(parsed) or parsed["intent"].get("name") in (*UNCLEAR, *MANNERS.values()))
        and parsed.get("item_outcome") != "confident"
        and not (parsed["intent"].get("name") == "ask_guide" and _names_candidate(parsed, text))
        and words.says("at_home", text, limit=40)
    )


def _resumes(text: str, words: Words) -> bool:
    """Tell whether a text says to go on with a form that it names ("接着填公租房")."""
    plain = squeeze(text)
    if len(plain) > REQUEST_TEXT or words.says("question", text, limit=REQUEST_TEXT):
        return False
    return any(form in plain for form in words.groups["resume"].whole if form.endswith(FILL_IN))


def _names_candidate(parsed: ParseData, text: str) -> bool:
    """Tell whether two neighbouring characters of a text stand in the name of a likely item."""
    names = [str(item["name"]) for item in parsed.get("items") or ()][:3]
    return any(text[at : at + 2] in name for at in range(len(text) - 1) for name in names)
