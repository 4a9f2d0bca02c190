using System.Text.Json.Nodes;
using Libp2p.Multiformats;

namespace Libp2p.Interop.Tests.Js;

/// <summary>Over TLS alone.</summary>
public sealed class JsTlsTests : JsInterop
{
    protected override string Security => "tls";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connects_over_tcp_tls_and_yamux(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        connection.RemotePeer.ToString().ShouldBe(Js.PeerId);
        connection.Security.ShouldBe(new ProtocolId("/tls/1.0.0"));
        connection.Muxer.ShouldBe(new ProtocolId("/yamux/1.0.0"));
        var theirs = (await Js.MustAsync("connections"))["connections"]!.AsArray().Single()!;
        ((string)theirs["peer"]!).ShouldBe(Ours.Node.PeerId.ToString());
        ((string)theirs["encryption"]!).ShouldBe("/tls/1.0.0");
        ((string)theirs["muxer"]!).ShouldBe("/yamux/1.0.0");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Streams_are_echoed_both_ways(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        await Js.MustAsync("echo", new JsonObject { ["peer"] = Ours.Node.PeerId.ToString(), ["streams"] = 4, ["bytes"] = 1_000_000 });
        var stream = await connection.OpenStreamAsync([Digest]);
        var sent = await SendRandomAsync(stream, 3_000_000);
        (await ReadTextAsync(stream)).ShouldBe(sent);
    }

    [Fact]
    public async Task Row11_dialing_js_under_a_wrong_peer_id_names_the_real_one()
    {
        var wrong = Js.Address.Replace(Js.PeerId, Stranger, StringComparison.Ordinal);
        var error = await Should.ThrowAsync<DialException>(async () => await Ours.Node.ConnectAsync(Multiaddr.Parse(wrong)));
        error.Layer.ShouldBe(ConnectionLayer.Security);
        error.Report.Attempts.Single().Error.ShouldBeOfType<PeerIdMismatchException>().Actual.ToString().ShouldBe(Js.PeerId);
    }

    [Fact]
    public async Task Row11_js_dialing_us_under_a_wrong_peer_id_is_refused()
    {
        var wrong = Ours.Address.Replace(Ours.Node.PeerId.ToString(), Stranger, StringComparison.Ordinal);
        ((bool)(await Js.AskAsync("dial", new JsonObject { ["addr"] = wrong }))["ok"]!).ShouldBeFalse();
        await ConnectAsync(weDial: false);
    }

    [Fact]
    public async Task Closing_either_side_is_seen_by_the_other()
    {
        var connection = await ConnectAsync(weDial: true);
        await connection.CloseAsync();
        ((string)(await Js.EventAsync("disconnect"))["peer"]!).ShouldBe(Ours.Node.PeerId.ToString());
        connection = await ConnectAsync(weDial: false);
        await Js.MustAsync("hangUp", Us);
        (await connection.Completion.WaitAsync(TimeSpan.FromMinutes(1))).ByRemote.ShouldBeTrue();
    }
}
