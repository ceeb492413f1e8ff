//! The first command of the README: a month is played, and then it is there to look at.

use super::site::Site;

#[test]
fn the_demo_serves_the_month_that_it_played_until_it_is_stopped() {
    let site = Site::empty();
    let demo = site.demo();
    assert!(demo.welcome().contains("Sign in as one of these"), "{}", demo.welcome());
    let mut ready = ureq::get(format!("{}/readyz", demo.address)).call().unwrap();
    assert_eq!(ready.body_mut().read_to_string().unwrap().trim(), "ready");
    let expected = include_str!("../../../../tests/data/month/expected/orders.csv");
    assert_eq!(site.done(&["export", "orders"]), expected, "exported beside the running relay");
    let (code, log) = demo.stop();
    assert_eq!(code, 0, "{log}");
}
