import Testing

extension RealPeers {
    @Suite(
        "Postfix with smtpd chrooted into its queue", .serialized, .timeLimit(.minutes(2)),
        .enabled(if: Requirement.canRunPostfix, "needs root, postfix and the auth server (make test)"),
        .mailHost(chroot: "y"))
    struct ChrootTests {
        let host: MailHost

        init() throws {
            host = try .current
        }

        @Test("The socket in the queue's private directory has mode 0660 and belongs to postfix:postfix")
        func socketRights() throws {
            let facts = try ChildProcess.run(["stat", "-c", "%F %a %U:%G", host.server.socket])
            #expect(facts.output == "socket 660 postfix:postfix\n")
        }

        @Test("A session logs in, and smtpd really is in the chroot")
        func login() throws {
            let session = try SMTPConversation(port: host.postfix.smtpPort)
            #expect(try session.say("EHLO client.test").authLines == ["AUTH PLAIN LOGIN", "AUTH=PLAIN LOGIN"])
            #expect(try session.say("AUTH PLAIN \(Credentials.alice.plain)").code == 235)
            let roots = try ChildProcess.run([
                "bash", "-c", "for p in /proc/[0-9]*; do [ \"$(cat $p/comm)\" = smtpd ] && readlink $p/root; done",
            ])
            #expect(roots.output.split(separator: "\n").contains { $0 == host.postfix.queue })
        }

        @Test("A session logs in after STARTTLS")
        func encrypted() throws {
            let session = try SMTPConversation.startTLS(port: host.postfix.smtpPort)
            try session.say("EHLO client.test")
            #expect(try session.say("AUTH PLAIN \(Credentials.bob.plain)").code == 235)
        }
    }
}
