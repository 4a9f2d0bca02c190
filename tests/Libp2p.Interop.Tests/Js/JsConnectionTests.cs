using System.Text.Json.Nodes;
using Libp2p.Multiformats;

namespace Libp2p.Interop.Tests.Js;

/// <summary>Connecting, and who is at the other end.</summary>
public sealed class JsConnectionTests : JsInterop
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connects_over_tcp_noise_and_yamux(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        connection.RemotePeer.ToString().ShouldBe(Js.PeerId);
        connection.Security.ShouldBe(new ProtocolId("/noise"));
        connection.Muxer.ShouldBe(new ProtocolId("/yamux/1.0.0"));
        connection.Direction.ShouldBe(weDial ? ConnectionDirection.Outbound : ConnectionDirection.Inbound);
        var theirs = (await Js.MustAsync("connections"))["connections"]!.AsArray().Single()!;
        ((string)theirs["peer"]!).ShouldBe(Ours.Node.PeerId.ToString());
        ((string)theirs["encryption"]!).ShouldBe("/noise");
        ((string)theirs["muxer"]!).ShouldBe("/yamux/1.0.0");
    }

    [Fact]
    public async Task Row11_dialing_js_under_a_wrong_peer_id_names_the_real_one()
    {
        var wrong = Js.Address.Replace(Js.PeerId, Stranger, StringComparison.Ordinal);
        var error = await Should.ThrowAsync<DialException>(async () => await Ours.Node.ConnectAsync(Multiaddr.Parse(wrong)));
        error.Layer.ShouldBe(ConnectionLayer.Security);
        var mismatch = error.Report.Attempts.Single().Error.ShouldBeOfType<PeerIdMismatchException>();
        mismatch.Actual.ToString().ShouldBe(Js.PeerId);
        mismatch.Expected.ToString().ShouldBe(Stranger);
        error.Message.ShouldContain(Js.PeerId);
        Ours.Node.Connections.ShouldBeEmpty();
    }

    [Fact]
    public async Task Row11_js_dialing_us_under_a_wrong_peer_id_is_refused()
    {
        var wrong = Ours.Address.Replace(Ours.Node.PeerId.ToString(), Stranger, StringComparison.Ordinal);
        var answer = await Js.AskAsync("dial", new JsonObject { ["addr"] = wrong });
        ((bool)answer["ok"]!).ShouldBeFalse();
        (await Js.MustAsync("connections"))["connections"]!.AsArray().ShouldBeEmpty();

        // The right one is still served.
        await ConnectAsync(weDial: false);
    }

    [Fact]
    public async Task Closing_our_side_is_seen_by_js()
    {
        var connection = await ConnectAsync(weDial: true);
        await connection.CloseAsync();
        ((string)(await Js.EventAsync("disconnect"))["peer"]!).ShouldBe(Ours.Node.PeerId.ToString());
    }

    [Fact]
    public async Task Js_hanging_up_is_seen_by_us()
    {
        var connection = await ConnectAsync(weDial: true);
        await Js.MustAsync("hangUp", Us);
        (await connection.Completion.WaitAsync(TimeSpan.FromMinutes(1))).ByRemote.ShouldBeTrue();
    }
}
