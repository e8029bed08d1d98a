"""The form studio (様式スタジオ): staff write procedures and forms in the browser, have them approved, and publish them."""
