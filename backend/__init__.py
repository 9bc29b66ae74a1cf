"""The office (后台): catalogue, people, cases, reports, handoffs behind one HTTP API."""
