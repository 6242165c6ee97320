"""The bundled dossier of all claims, made from their table and what is declared of it."""
