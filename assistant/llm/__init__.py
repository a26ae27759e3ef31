"""Answers worded by a language model from the same evidence, through the same verifier.

Off unless a model is configured; then nothing here is imported but :mod:`assistant.llm.settings`.
:class:`assistant.llm.answerer.LlmAnswerer` wraps an :class:`assistant.Answerer`; whatever goes
wrong with the model, that one's answer is given.
"""
