package dev.tokenkeep.rest;

/** The examples of the OpenAPI document. */
final class Examples {

    static final String NEW_SESSION = """
            {"registration": "crm", "subject": "alice", "token_response": {
              "access_token": "2YotnFZFEjr1zCsicMWpAA", "token_type": "Bearer", "expires_in": 3600,
              "refresh_token": "tGzv3JOkF0XG5Qx2TlKWIA", "scope": "read write"}}""";

    static final String NEW_TOKENS = """
            {"token_response": {
              "access_token": "SlAV32hkKG", "token_type": "Bearer", "expires_in": 3600,
              "refresh_token": "8xLOxBtZp8", "scope": "read write"}}""";

    static final String FORCED_REFRESH = """
            {"if_version": 4}""";

    static final String SESSION = """
            {"id": "pV0Yb7cQm1Tt0m3cF2nq8Wc1kQd5xG7a", "registration": "crm", "subject": "alice", "status": "ACTIVE",
             "grant": "refresh_token", "scope": "read write", "access_token_expires_at": "2031-03-07T10:15:30.112Z",
             "refresh_due_at": "2031-03-07T10:10:12.871Z", "refreshed_at": "2031-03-07T09:15:30.112Z",
             "created_at": "2031-03-01T08:00:00Z", "version": 4}""";

    static final String FAILING_SESSION = """
            {"id": "pV0Yb7cQm1Tt0m3cF2nq8Wc1kQd5xG7a", "registration": "crm", "subject": "alice", "status": "ACTIVE",
             "grant": "refresh_token", "scope": "read write", "access_token_expires_at": "2031-03-07T10:15:30.112Z",
             "refresh_due_at": "2031-03-07T10:10:12.871Z", "created_at": "2031-03-01T08:00:00Z", "version": 4,
             "failure": {"code": "http_503", "at": "2031-03-07T10:10:13.004Z", "attempts": 2}}""";

    static final String SESSION_PAGE = """
            {"items": [
              {"id": "pV0Yb7cQm1Tt0m3cF2nq8Wc1kQd5xG7a", "registration": "crm", "subject": "alice",
               "status": "REAUTHENTICATION_REQUIRED", "grant": "refresh_token", "created_at": "2031-03-01T08:00:00Z", "version": 4,
               "failure": {"code": "invalid_grant", "at": "2031-03-07T10:10:13.004Z", "attempts": 1}}],
             "next": "pV0Yb7cQm1Tt0m3cF2nq8Wc1kQd5xG7a"}""";

    static final String ACCESS_TOKEN = """
            {"access_token": "2YotnFZFEjr1zCsicMWpAA", "token_type": "Bearer", "expires_in": 1712,
             "scope": "read write", "version": 4, "status": "ACTIVE"}""";

    static final String DPOP_PROOF_REQUEST = """
            {"method": "GET", "uri": "https://api.example/contacts"}""";

    static final String DPOP_PROOF = """
            {"proof": "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2In0.eyJodG0iOiJHRVQifQ.c2lnbmF0dXJl",
             "token": {"access_token": "2YotnFZFEjr1zCsicMWpAA", "token_type": "DPoP", "expires_in": 1712,
              "scope": "read write", "version": 4, "status": "ACTIVE"}}""";

    static final String ID_TOKEN = """
            {"id_token": "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2FzLmV4YW1wbGUiLCJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl",
             "claims": {"iss": "https://as.example", "sub": "alice"}}""";

    static final String KEYS = """
            {"primary": "2031-03", "encrypting": "2031-03", "replicas": 3, "replicas_without_primary": 0,
             "rows_left": 1200, "items": [
              {"id": "2030-09", "state": "decrypts", "rows": 1200, "removable": false},
              {"id": "2031-03", "state": "encrypts", "rows": 8801, "removable": false}]}""";

    static final String REMOVED = """
            {"removed": 3, "complete": true}""";

    private Examples() {}
}
