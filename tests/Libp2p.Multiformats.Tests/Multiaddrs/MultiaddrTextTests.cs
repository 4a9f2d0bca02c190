using System.Globalization;

namespace Libp2p.Multiformats.Tests.Multiaddrs;

/// <summary>How each protocol's value is read and written: what go-multiaddr v0.16.1 answered when asked.</summary>
public class MultiaddrTextTests
{
    private const string Peer = "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC";

    [Theory]
    [InlineData("/ip4/::ffff:1.2.3.4", "/ip4/1.2.3.4")]
    [InlineData("/ip6/1.2.3.4", "/ip6/::ffff:1.2.3.4")]
    [InlineData("/ip6/::ffff:102:304", "/ip6/::ffff:1.2.3.4")]
    [InlineData("/ip6/::1.2.3.4", "/ip6/::102:304")]
    [InlineData("/ip6/0:0:0:0:0:0:0:0", "/ip6/::")]
    [InlineData("/ip6/1:0:0:2:0:0:0:3", "/ip6/1:0:0:2::3")]
    [InlineData("/ip6/1:0:0:2:3:0:0:4", "/ip6/1::2:3:0:0:4")]
    [InlineData("/ip6/1:2:3:4:5:6:0:8", "/ip6/1:2:3:4:5:6:0:8")]
    [InlineData("/ip6/1::3:4:5:6:7:8", "/ip6/1:0:3:4:5:6:7:8")]
    [InlineData("/ip6/1:2:3:4:5:6:7::", "/ip6/1:2:3:4:5:6:7:0")]
    [InlineData("/ip6/FE80::00A", "/ip6/fe80::a")]
    [InlineData("/tcp/0080", "/tcp/80")]
    [InlineData("/ipcidr/007", "/ipcidr/7")]
    [InlineData("/memory/0004", "/memory/4")]
    [InlineData("/memory/18446744073709551615", "/memory/18446744073709551615")]
    [InlineData("/ip4/1.2.3.4//", "/ip4/1.2.3.4")]
    [InlineData("/onion/AAIMAQ4YGG2IEGCI:080", "/onion/aaimaq4ygg2iegci:80")]
    [InlineData("/garlic32/566niximlxdzpanmn4qouucvua3k7neniwss47li5r6ugoertzuq====", "/garlic32/566niximlxdzpanmn4qouucvua3k7neniwss47li5r6ugoertzuq")]
    [InlineData("/unix/a//b/", "/unix/a//b")]
    [InlineData("/http-path/a+b%20c", "/http-path/a+b+c")]
    [InlineData("/http-path/%2f~é*", "/http-path/%2F~%C3%A9%2A")]
    [InlineData("/dns/a b", "/dns/a b")]
    [InlineData("/dns4/é", "/dns4/é")]
    [InlineData("/ip6zone/a%b", "/ip6zone/a%b")]
    [InlineData("/ipfs/" + Peer, "/p2p/" + Peer)]
    [InlineData("/p2p/bafzbeigvf25ytwc3akrijfecaotc74udrhcxzh2cx3we5qqnw5vgrei4bm", "/p2p/" + Peer)]
    [InlineData("/p2p/k51qzi5uqu5dhb6l8spkdx7yxafegfkee5by8h7lmjh2ehc2sgg34z7c15vzqs", "/p2p/12D3KooWCryG7Mon9orvQxcS1rYZjotPgpwoJNHHKcLLfE4Hf5mV")]
    [InlineData("/certhash/f122012345678901234567890123456789012345678901234567890123456789012ab", "/certhash/uEiASNFZ4kBI0VniQEjRWeJASNFZ4kBI0VniQEjRWeJASqw")]
    public void Texts_become_canonical(string text, string canonical)
    {
        var address = Multiaddr.Parse(text);

        address.ToString().ShouldBe(canonical);
        Multiaddr.Parse(canonical).ShouldBe(address);
    }

    [Theory]
    [InlineData("tcp/80")]
    [InlineData("//tcp/80")]
    [InlineData("/tcp//80")]
    [InlineData("/tcp/+80")]
    [InlineData("/tcp/ 80")]
    [InlineData("/tcp/80 ")]
    [InlineData("/tcp/0x50")]
    [InlineData("/TCP/80")]
    [InlineData("/ip4/01.2.3.4")]
    [InlineData("/ip4/1.2.3")]
    [InlineData("/ip4/1.2.3.4.5")]
    [InlineData("/ip4/1.2.3.256")]
    [InlineData("/ip4/1.2.3.")]
    [InlineData("/ip4/16909060")]
    [InlineData("/ip6/:::")]
    [InlineData("/ip6/:1:2:3:4:5:6:7")]
    [InlineData("/ip6/1:2:3:4:5:6:7:")]
    [InlineData("/ip6/1::2::3")]
    [InlineData("/ip6/1:2:3:4:5:6:7:8::")]
    [InlineData("/ip6/::1:2:3:4:5:6:7:8")]
    [InlineData("/ip6/1:2:3:4:5:6:7:8:9")]
    [InlineData("/ip6/12345::")]
    [InlineData("/ip6/1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("/ip6/fe80::1%eth0")]
    [InlineData("/ip6/[::1]")]
    [InlineData("/ipcidr/-1")]
    [InlineData("/ipcidr/256")]
    [InlineData("/memory/18446744073709551616")]
    [InlineData("/memory/x")]
    [InlineData("/dns/")]
    [InlineData("/unix/")]
    [InlineData("/http-path/%zz")]
    [InlineData("/http-path/%2")]
    [InlineData("/p2p/" + "0" + Peer)]
    [InlineData("/p2p/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi")]
    [InlineData("/p2p/1")]
    [InlineData("/certhash/u")]
    [InlineData("/onion/aaimaq4ygg2iegci:+80")]
    [InlineData("/onion/aaimaq4ygg2iegci:80:80")]
    [InlineData("/garlic32/566NIXIMLXDZPANMN4QOUUCVUA3K7NENIWSS47LI5R6UGOERTZUQ")]
    [InlineData("/garlic32/566niximlxdzpanmn4qouucvua3k7neniwss47li5r6ugoertzuq=====")]
    public void Other_texts_are_refused(string text)
    {
        Multiaddr.TryParse(text, out var address).ShouldBeFalse();

        address.ShouldBeNull();
    }

    [Theory]
    [InlineData("/ip4/1.2.3.4/tcp/70000", "component 2, /tcp: '70000' is no port from 0 to 65535")]
    [InlineData("/ip4/1.2.3.4/tpc/80", "component 2: 'tpc' is no known protocol")]
    [InlineData("/ip4/1.2.3.4/tcp", "component 2: /tcp needs a value")]
    [InlineData("ip4/1.2.3.4", "does not start with a slash")]
    public void Errors_say_what_and_where(string text, string reason) =>
        Should.Throw<MultiformatException>(() => Multiaddr.Parse(text)).Message.ShouldBe($"multiaddr '{text}': {reason}");

    [Fact]
    public void Unpaired_surrogates_are_refused() => Multiaddr.TryParse("/dns/\ud800", out _).ShouldBeFalse();

    [Fact]
    public void Limits_hold_for_text()
    {
        var most = string.Concat(Enumerable.Repeat("/ws", Multiaddr.MaxComponents));

        Multiaddr.Parse(most).Components.Count().ShouldBe(Multiaddr.MaxComponents);
        Multiaddr.TryParse(most + "/ws", out _, out var error).ShouldBeFalse();
        error.ShouldNotBeNull().ShouldContain("64");
        Multiaddr.TryParse("/unix/" + new string('a', Multiaddr.MaxLength - 100), out _).ShouldBeTrue();
        Multiaddr.TryParse("/unix/" + new string('a', Multiaddr.MaxLength), out _).ShouldBeFalse();
        Multiaddr.TryParse("/unix/" + new string('a', Multiaddr.MaxTextLength), out _).ShouldBeFalse();
        Multiaddr.TryParse("/p2p/1" + new string('z', 20000), out _).ShouldBeFalse();
    }

    [Fact]
    public void Every_protocol_of_the_registry_has_a_text()
    {
        foreach (var row in Vectors.Csv("multiaddr/protocols.csv", columns: 4))
        {
            MultiaddrProtocol.TryGet(row[2], out var protocol).ShouldBeTrue(row[2]);
            protocol.Code.ShouldBe(int.Parse(row[0], CultureInfo.InvariantCulture));
            protocol.HasValue.ShouldBe(row[1] != "0");
            var text = "/" + protocol.Name + ValueFor(protocol);
            Multiaddr.Parse(text).ToString().ShouldBe(text);
        }

        MultiaddrProtocol.All.Count().ShouldBe(Vectors.Csv("multiaddr/protocols.csv", columns: 4).DistinctBy(row => row[0]).Count());
    }

    private static string ValueFor(MultiaddrProtocol protocol) => protocol.Code switch
    {
        _ when !protocol.HasValue => "",
        MultiaddrProtocol.Codes.Ip4 => "/10.0.0.1",
        MultiaddrProtocol.Codes.Ip6 => "/2001:db8::1",
        MultiaddrProtocol.Codes.P2p => "/" + Peer,
        MultiaddrProtocol.Codes.Onion => "/aaimaq4ygg2iegci:80",
        MultiaddrProtocol.Codes.Onion3 => "/vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd:1234",
        MultiaddrProtocol.Codes.Garlic32 => "/566niximlxdzpanmn4qouucvua3k7neniwss47li5r6ugoertzuq",
        MultiaddrProtocol.Codes.Garlic64 => "/" + string.Concat(Enumerable.Repeat("aZ-~", 129)),
        MultiaddrProtocol.Codes.Certhash => "/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g",
        _ => "/4",
    };
}
