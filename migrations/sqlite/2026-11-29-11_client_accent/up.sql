-- The colour of links and buttons on the pages that lead to a client, `#rrggbb`. An administrator chooses it.
ALTER TABLE clients ADD COLUMN accent TEXT;
