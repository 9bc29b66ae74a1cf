"""The staff desk (工作台): live events over a WebSocket, none lost over a reconnect."""
