"""Records (保存と廃棄): how long what is kept, what is erased when, requests to erase, and giving a person their data."""
