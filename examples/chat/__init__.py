"""A chat in one room: an asyncio server, a blocking client and an asyncio client. README.md shows them at work."""
