"""Conversations: follow-ups completed from earlier turns, history bounded and summarised.

Nothing here stores anything; the rooms above keep the turns.
"""

from assistant.conversation.followup import resolve
from assistant.conversation.history import bounded, history_summary
from assistant.conversation.settings import ConversationSettings
from assistant.conversation.turn import FollowUp

__all__ = ["ConversationSettings", "FollowUp", "bounded", "history_summary", "resolve"]
