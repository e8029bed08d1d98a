"""Views of the portal: browse, apply, status, correct, mypage."""
