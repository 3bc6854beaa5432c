import Testing

@testable import AuthDatabases

/// What is expected was recorded from Dovecot 2.3.19.1 (Tests/Recordings, `5-fields`), but for what no reply shows.
@Suite("Extra fields")
struct LoginFieldsTests {
    /// What one database's fields make of a login.
    private struct Login {
        static let clock = DelayClock(unixTime: { 1_000_000 }, random: { $0 - 1 })

        var query: UserQuery
        var fields = LoginFields()

        init(_ user: String = "alice", from address: String? = "192.0.2.1", forwarding: [ExtraField] = []) {
            query = UserQuery(user: user)
            query.remoteAddress = address
            query.forwardedFields = forwarding
            fields.forward(query.forwardedFields)
        }

        /// Sets fields that are written as in a passwd-file, one behind the other.
        mutating func set(_ text: String, from origin: LoginFields.Origin = .entry, hasPassword: Bool = true) {
            let list = text.split(separator: " ").map { word in
                let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                return ExtraField(parts[0], parts.count == 2 ? parts[1] : nil)
            }
            fields.set(list, from: origin, hasPassword: hasPassword, &query, Self.clock)
        }

        var visible: String { Self.text(fields.list) }
        var userdb: String? { fields.userdb.map { Self.text($0) } }

        private static func text(_ list: FieldList) -> String {
            list.visible.map { field in field.name + (field.value.map { "=" + $0 } ?? "") }.joined(separator: " ")
        }
    }

    @Test(
        "What is for the mail server is told in the order in which it came, the last value of a name in its first place",
        arguments: [
            ("host=10.0.0.2", "host=10.0.0.2"), ("reason=Because", "reason=Because"),
            ("nodelay a=1", "nodelay a=1"), ("nodelay=no a=1", "nodelay=no a=1"),
            ("proxy_maybe host=10.0.0.2 a=1", "proxy_maybe host=10.0.0.2 a=1"), ("event_x=1 a=1", "event_x=1 a=1"),
            ("forward_x=1 a=1", "forward_x=1 a=1"), ("a=1 b=2 a=3", "a=3 b=2"),
            ("flag empty= a=b=c", "flag empty a=b=c"), ("a=x:y+z", "a=x:y+z"),
            ("original_user=zed", "original_user=zed"), ("auth_user=zed", "auth_user=zed"),
            ("nologin=yes reason=Gone a=1", "nologin reason=Gone a=1"),
            ("nologin proxy=y host=10.0.0.2 port=25 destuser=x", "nologin proxy host=10.0.0.2 port=25 destuser=x"),
            ("a=1 a:protected=2 b:protected=3", "a=1 b=3"), ("a=1 a:default=2 b:default=3", "a=1 b=3"),
            ("a=1 b=2 a:remove c:remove=x", "b=2"), ("passdb_import=b=2 a=1", "b=2 a=1"),
            ("passdb_import=b=2\tc\ta:remove a=1", "b=2 c a=1"), (":protected=1 :default=1 =2 a=1", ":protected=1 :default=1 a=1"),
        ])
    func forTheMailServer(given: String, visible: String) {
        var login = Login()
        login.set(given)
        #expect(login.visible == visible)
        #expect(login.query.user == "alice" && login.userdb == nil && !login.fields.hasFailed)
    }

    @Test(
        "user, username and domain rename, also for the userdb, and are not passed on",
        arguments: [
            ("alice", "user=bob", "bob"), ("alice", "user=bob@x", "bob@x"), ("alice", "user=BoB", "BoB"),
            ("alice", "user=alice", "alice"), ("alice", "username=bob domain=x.example", "bob@x.example"),
            ("a@old", "username=b", "b@old"), ("c@old", "domain=new", "c@new"), ("d@old", "username=e@other", "e@other"),
            ("f", "domain=new", "f@new"), ("g@old", "username=", "@old"), ("h@old", "domain=", "h@"),
            ("alice", "userdb_user=bob", "bob"), ("alice", "userdb_username=bob userdb_domain=x", "bob@x"),
            ("alice", "user:protected=bob", "bob"), ("alice", "user=bob user:protected=carl", "bob"),
        ])
    func renaming(user: String, given: String, expected: String) {
        var login = Login(user)
        login.set(given + " a=1")
        #expect(login.query.user == expected)
        #expect(login.query.originalUser == user)
        #expect(login.visible == "a=1")
        #expect(!login.fields.hasFailed)
    }

    @Test("A name of no bytes is none: the login fails, and keeps its name", arguments: ["user=", "username="])
    func emptyName(_ given: String) {
        var login = Login()
        login.set(given)
        #expect(login.query.user == "alice")
        #expect(login.fields.hasFailed)
        #expect(login.fields.notes == [.error("username attempted to be changed to empty")])
    }

    @Test("nodelay tells a failure at once, whatever its value", arguments: ["nodelay", "nodelay=y", "nodelay=no"])
    func nodelay(_ given: String) {
        var login = Login()
        #expect(!login.fields.isUndelayed)
        login.set(given)
        #expect(login.fields.isUndelayed)
    }

    @Test("fail fails, whatever its value, and is not told", arguments: ["fail", "fail=no", "fail="])
    func fail(_ given: String) {
        var login = Login()
        login.set(given + " a=1")
        #expect(login.fields.hasFailed)
        #expect(login.visible == "a=1")
    }

    // Recorded as `6-networks`.
    @Test(
        "allow_nets judges the client's address, allow_real_nets the one behind the proxy",
        arguments: [
            ("allow_nets=192.0.2.0/24", "192.0.2.1", nil, nil),
            ("allow_nets=10.0.0.0/8", "192.0.2.1", nil, "allow_nets check failed: IP 192.0.2.1 not in allowed networks"),
            ("allow_nets=10.0.0.0/8", nil, nil, "allow_nets check failed: Remote IP not known and 'local' missing"),
            ("allow_nets=local", nil, nil, nil), ("allow_real_nets=10.0.0.0/8", "10.1.1.1", nil, nil),
            ("allow_real_nets=10.0.0.0/8", "192.0.2.1", "10.1.1.1", nil),
            ("allow_real_nets=10.0.0.0/8", "10.1.1.1", "192.0.2.1",
                "allow_real_nets check failed: IP 192.0.2.1 not in allowed networks"),
            ("allow_nets=10.0.0.0/8 allow_nets=192.0.2.0/24", "192.0.2.1", nil,
                "allow_nets check failed: IP 192.0.2.1 not in allowed networks"),
        ] as [(String, String?, String?, String?)])
    func networks(given: String, address: String?, realAddress: String?, fault: String?) {
        var login = Login(from: address)
        login.query.realRemoteAddress = realAddress
        login.set(given)
        #expect(login.fields.hasFailed == (fault != nil))
        #expect(login.fields.notes == (fault.map { [.conditionNotMet($0)] } ?? []))
        #expect(login.visible.isEmpty)
    }

    @Test("A network that can't be read is told of, and lets nobody in")
    func unreadableNetwork() {
        var login = Login()
        login.set("allow_nets=nonsense,1.2.3.4/99")
        #expect(
            login.fields.notes == [
                .conditionNotMet("allow_nets: Invalid network 'nonsense'"),
                .conditionNotMet("allow_nets: Invalid network '1.2.3.4/99'"),
                .conditionNotMet("allow_nets check failed: IP 192.0.2.1 not in allowed networks"),
            ])
    }

    @Test(
        "delay_until holds a success back by at most five minutes, its random part included",
        arguments: [
            ("999999", nil, nil), ("1000000", nil, nil), ("1000010", 1_000_010, nil), ("1000300", 1_000_300, nil),
            ("1000010+5", 1_000_014, nil), ("1000010+0", 1_000_010, nil), ("1000290+60", 1_000_300, nil),
            ("999999+60", nil, nil),
            ("1000301", nil, "delay_until timestamp 1000301 is too much in the future, failing"),
            ("soon", nil, "Invalid delay_until timestamp 'soon'"), ("-1", nil, "Invalid delay_until timestamp '-1'"),
            ("99999999999999999999", nil, "Invalid delay_until timestamp '99999999999999999999'"),
            ("1000000+x", nil, "Invalid delay_until randomness number 'x'"),
            ("1000000+-1", nil, "Invalid delay_until randomness number '-1'"),
        ] as [(String, Int?, String?)])
    func delay(given: String, until: Int?, fault: String?) {
        var login = Login()
        login.set("delay_until=" + given)
        #expect(login.fields.delayUntil == until)
        #expect(login.fields.hasFailed == (fault != nil))
        #expect(login.fields.notes == (fault.map { [.error($0)] } ?? []))
        #expect(login.visible.isEmpty)
    }

    @Test("nopassword lets in where no password is stored, or before the entry is known; a stored one outweighs it")
    func nopassword() {
        let table: [(origin: LoginFields.Origin, hasPassword: Bool, letsIn: Bool)] = [
            (.entry, false, true), (.entry, true, false), (.overrides, false, true), (.overrides, true, false),
            (.defaults, true, true), (.defaults, false, true),
        ]
        for row in table {
            var login = Login()
            login.set("nopassword", from: row.origin, hasPassword: row.hasPassword)
            #expect(login.fields.allowsAnyPassword == row.letsIn, "\(row)")
            #expect(
                login.fields.notes == (row.letsIn ? [] : [.error("nopassword set but password is non-empty")]), "\(row)")
        }
    }

    @Test("noauthenticate says so for one database, and nopassword beside it is no contradiction")
    func noauthenticate() {
        var login = Login()
        login.set("noauthenticate nopassword a=1")
        #expect(login.fields.skipsAuthentication)
        #expect(login.fields.notes.isEmpty)
        login.fields.keep()
        #expect(!login.fields.skipsAuthentication && !login.fields.allowsAnyPassword)
        #expect(login.visible == "a=1")
    }

    @Test("A password among the fields is an error of the admin's", arguments: ["password={PLAIN}x", "password_noscheme=x"])
    func password(_ given: String) {
        var login = Login()
        login.set(given)
        #expect(login.fields.notes == [.error("Multiple password values not supported")])
        #expect(login.visible.isEmpty)
    }

    @Test("login_user names as whom to log in, and is not told")
    func loginUser() {
        var login = Login()
        login.set("login_user=bob")
        #expect(login.query.loginUser == "bob" && login.query.user == "alice")
        #expect(login.visible.isEmpty)
    }

    @Test("A login_user without a name fails, rather than log in as nobody", arguments: ["login_user=", "login_user"])
    func emptyLoginUser(given: String) {
        var login = Login()
        login.set(given)
        #expect(login.query.loginUser == nil)
        #expect(login.fields.hasFailed)
        #expect(login.fields.notes == [.error("login_user has no name")])
    }

    @Test(
        "userdb_ fields are the prefetch userdb's, without their prefix",
        arguments: [
            ("userdb_uid=1000 userdb_home=/x a=1 userdb_mail:protected=y", "uid=1000 home=/x mail=y"),
            ("userdb_uid=1 userdb_uid:protected=2 userdb_gid:default=3 a=1", "uid=1 gid=3"),
            ("userdb_userdb_import=uid=1\tgid=2\tuid:remove a=1", "gid=2"),
            ("userdb_userdb_import=uid=5\tgid=6 a=1", "uid=5 gid=6"), ("userdb_flag a=1", "flag"), ("a=1 userdb_=x", ""),
        ])
    func userdb(given: String, userdb: String) {
        var login = Login()
        login.set(given)
        #expect(login.userdb == userdb)
        #expect(login.visible == "a=1")
    }

    @Test("What the client forwards comes first, and the entry's own word for it counts")
    func forwarded() {
        var login = Login(forwarding: [ExtraField("x", "1"), ExtraField("nopassword")])
        #expect(login.visible == "forward_x=1 forward_nopassword")
        #expect(!login.fields.allowsAnyPassword)
        login.set("a=1 forward_x=2")
        #expect(login.visible == "forward_x=2 forward_nopassword a=1")
    }

    @Test("What a database has set is taken back if it fails, but for the name and the way a failure is told")
    func takingBack() {
        var login = Login(forwarding: [ExtraField("x", "1")])
        login.set("a=1 userdb_uid=1")
        login.fields.keep()
        login.set("a=2 b=3 user=bob userdb_uid=2 userdb_gid=3 nodelay nopassword", hasPassword: false)
        login.fields.takeBack()
        #expect(login.visible == "forward_x=1 a=1")
        #expect(login.userdb == "uid=1")
        #expect(login.query.user == "bob")
        #expect(login.fields.isUndelayed)
        #expect(!login.fields.allowsAnyPassword)
        login.fields.takeBack()
        #expect(login.visible == "forward_x=1 a=1")
    }

    @Test("A later database may remove what an earlier one has set")
    func removing() {
        var login = Login()
        login.set("a=1 b=2")
        login.fields.keep()
        login.set("a:remove c=3")
        #expect(login.visible == "b=2 c=3")
        login.fields.takeBack()
        #expect(login.visible == "a=1 b=2")
    }
}
