package dev.tokenkeep.rest.signin;

/** The examples of the OpenAPI document. */
final class AuthorizationExamples {

    static final String NEW = """
            {"registration": "crm", "subject": "alice", "redirect_uri": "https://orders.example/callback",
             "scope": "openid offline_access", "parameters": {"login_hint": "alice@example.com"}}""";

    static final String BEGUN = """
            {"id": "Q2Z0cVJkS3hHNmFwVjBZYjdjUW0xVHQw",
             "authorization_uri": "https://as.example/authorize?response_type=code&client_id=crm-client&state=…",
             "state": "af0ifjsldkjAf0ifjsldkjAf0ifjsldkjAf0ifjsldk", "expires_in": 600}""";

    static final String NEW_DEVICE = """
            {"registration": "crm", "subject": "alice", "flow": "device_code"}""";

    static final String BEGUN_DEVICE = """
            {"id": "Q2Z0cVJkS3hHNmFwVjBZYjdjUW0xVHQw", "expires_in": 600, "user_code": "WDJB-MJHT",
             "verification_uri": "https://as.example/device", "interval": 5}""";

    static final String CALLBACK = """
            {"callback": "https://orders.example/callback?code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj…&iss=https%3A%2F%2Fas.example"}""";

    static final String CONFIRMATION = """
            {"confirmation": "pV0Yb7cQm1Tt0m3cF2nq8Wc1kQd5xG7apV0Yb7cQm1T", "subject": "alice"}""";

    static final String SESSION = """
            {"id": "pV0Yb7cQm1Tt0m3cF2nq8Wc1kQd5xG7a", "registration": "crm", "subject": "alice", "status": "ACTIVE",
             "grant": "refresh_token", "scope": "openid offline_access", "access_token_expires_at": "2031-03-07T10:15:30.112Z",
             "refresh_due_at": "2031-03-07T10:10:12.871Z", "created_at": "2031-03-07T09:15:30.112Z", "version": 1}""";

    static final String PENDING = """
            {"id": "Q2Z0cVJkS3hHNmFwVjBZYjdjUW0xVHQw", "registration": "crm", "subject": "alice",
             "status": "pending", "expires_in": 312}""";

    private AuthorizationExamples() {}
}
