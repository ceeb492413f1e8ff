use outpost_device::report::Fault;
use outpost_device::transport::http::HttpTransport;

#[test]
fn plain_http_is_spoken_to_this_very_machine_only() {
    let good = [
        "http://127.0.0.1:8080",
        "http://127.8.9.1",
        "http://localhost",
        "http://localhost:8080/",
        "http://[::1]:8080",
        "https://outpost.example",
        "https://127.0.0.1.example",
    ];
    for server in good {
        assert!(HttpTransport::new(server).is_ok(), "{server}");
    }
    let bad = [
        "http://127.0.0.1.evil.example",
        "http://127.evil.example",
        "http://localhost.evil.example",
        "http://localhost@evil.example",
        "http://127.0.0.1@evil.example",
        "http://[::1@evil.example",
        "http://[2001:db8::1]",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://2130706433",
        "http://evil.example#127.0.0.1",
        "ftp://127.0.0.1",
        "127.0.0.1:8080",
        "",
    ];
    for server in bad {
        let refused = HttpTransport::new(server).err();
        assert_eq!(refused, Some(Fault::BadAddress(server.to_owned())), "{server}");
    }
}
