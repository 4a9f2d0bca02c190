using System.Text.Json.Nodes;

namespace Libp2p.Interop.Tests.Js;

/// <summary>ping, identify, identify-push and perf.</summary>
public sealed class JsProtocolTests : JsInterop
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task We_ping_js_over_one_stream(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        var rounds = 0;
        await foreach (var rtt in Ours.Node.Find<IPingService>()!.PingAsync(connection))
        {
            rtt.ShouldBeGreaterThan(TimeSpan.Zero);
            if (++rounds == 5) break;
        }

        rounds.ShouldBe(5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Js_pings_us(bool weDial)
    {
        await ConnectAsync(weDial);
        for (var i = 0; i < 3; i++) ((double)(await Js.MustAsync("ping", Us))["ms"]!).ShouldBeGreaterThanOrEqualTo(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_measures_the_other(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        var result = await Ours.Node.Find<IPerfService>()!.MeasureAsync(connection, 3_000_001, 2_000_001);
        (result.Uploaded, result.Downloaded).ShouldBe((3_000_001, 2_000_001));
        ((long)(await Js.EventAsync("measured"))["upload"]!).ShouldBe(3_000_001);
        var request = Us;
        (request["upload"], request["download"]) = (2_000_003, 3_000_003);
        var answer = await Js.MustAsync("perf", request);
        ((long)answer["received"]!).ShouldBe(3_000_003);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_identifies_the_other(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        var info = await Ours.Node.Find<IIdentifyService>()!.IdentifyAsync(connection);
        info.PeerId.ToString().ShouldBe(Js.PeerId);
        info.AgentVersion.ShouldNotBeNull().ShouldStartWith("js-libp2p/");
        info.Protocols.ShouldContain(Echo);
        info.PublicKey.ShouldNotBeNull().PeerId.ShouldBe(info.PeerId);
        info.SignedRecord.ShouldNotBeNull().Addresses.Select(a => $"{a}/p2p/{Js.PeerId}").ShouldContain(Js.Address);
        info.ObservedAddress.ShouldNotBeNull();
        Ours.Node.Peers.TryGet(info.PeerId, out var known).ShouldBeTrue();
        known!.Protocols.ShouldContain(Echo);

        var seen = await Js.EventAsync("identify");
        ((string)seen["peer"]!).ShouldBe(Ours.Node.PeerId.ToString());
        ((string)seen["agentVersion"]!).ShouldStartWith("Libp2p.Framework/");
        Texts(seen["protocols"]).ShouldContain(Echo.Value);
        Texts(seen["protocols"]).ShouldContain("/ipfs/ping/1.0.0");
        Texts(seen["signedRecordAddrs"]).ShouldContain(Ours.Node.ListenAddresses[0].ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_protocol_we_add_is_pushed_to_js(bool weDial)
    {
        await ConnectAsync(weDial);
        await Js.EventAsync("identify");
        Ours.Node.Handle("/test/added/1.0.0", static (_, _) => ValueTask.CompletedTask);
        await Js.EventAsync("identify", seen => Texts(seen["protocols"]).Contains("/test/added/1.0.0"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_protocol_js_adds_is_pushed_to_us(bool weDial)
    {
        using var watchdog = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var events = Ours.Node.Events(watchdog.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = events.MoveNextAsync();
        var connection = await ConnectAsync(weDial);
        await Ours.Node.Find<IIdentifyService>()!.IdentifyAsync(connection);
        await Js.EventAsync("identify");
        await Js.MustAsync("handle", new JsonObject { ["protocol"] = "/test/added/1.0.0" });
        while (await next)
        {
            if (events.Current is PeerIdentified { Pushed: true } push && push.Info.Protocols.Contains("/test/added/1.0.0")) break;
            next = events.MoveNextAsync();
        }

        Ours.Node.Peers.TryGet(connection.RemotePeer, out var known).ShouldBeTrue();
        known!.Protocols.ShouldContain(new ProtocolId("/test/added/1.0.0"));
    }

    private static IEnumerable<string> Texts(JsonNode? array) => array!.AsArray().Select(text => (string)text!);
}
