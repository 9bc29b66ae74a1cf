"""The staff desk's live feed (工作台): events over a WebSocket that loses nothing over a reconnect."""
