using System.Net;
using Libp2p.Multiformats;
using Libp2p.Swarm.Resources;
using Libp2p.Swarm.Resources.Networks;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Swarm.Tests.Resources;

public class NetworkLimitsTests
{
    private readonly FakeTimeProvider _clock = new();

    private NetworkLimits Make(Action<NetworkLimitOptions>? configure = null)
    {
        var options = new NetworkLimitOptions();
        configure?.Invoke(options);
        return new NetworkLimits(options, _clock, new Refusals(_clock));
    }

    private static Multiaddr From(string ip) => Multiaddr.FromEndPoint(new IPEndPoint(IPAddress.Parse(ip), 4001));

    [Fact]
    public void Row68_8_connections_of_an_address_or_56_and_64_of_a_48()
    {
        var limits = Make();
        for (var i = 0; i < 8; i++) limits.TryEnter(From("192.0.2.1"), out _, out _).ShouldBeTrue();
        limits.TryEnter(From("192.0.2.1"), out _, out var why).ShouldBeFalse();
        why!.ToString().ShouldBe("network 192.0.2.1: 1 inbound connections asked, 8 of 8 in use. Raise Resources:Networks:MaxConnectionsPerNetwork to allow more.");
        limits.TryEnter(From("192.0.2.2"), out _, out _).ShouldBeTrue();

        // Whatever the last 72 bits of an address are.
        for (var i = 0; i < 8; i++) limits.TryEnter(From($"2001:db8:0:{i:x2}::{i:x}"), out _, out _).ShouldBeTrue();
        limits.TryEnter(From("2001:db8:0:ff::"), out _, out why).ShouldBeFalse();
        why!.Scope.ShouldBe("network 2001:db8::/56");
        for (var i = 1; i < 8; i++)
        {
            for (var j = 0; j < 8; j++) limits.TryEnter(From($"2001:db8:0:{i:x}00::{j}"), out _, out _).ShouldBeTrue();
        }

        limits.TryEnter(From("2001:db8:0:fa00::1"), out _, out why).ShouldBeFalse();
        (why!.Scope, why.Option, why.Limit).ShouldBe(("network 2001:db8::/48", "Resources:Networks:MaxConnectionsPerSite", 64L));
        limits.TryEnter(From("2001:db8:1::1"), out _, out _).ShouldBeTrue();

        limits.Leave(IPAddress.Parse("192.0.2.1"));
        limits.TryEnter(From("192.0.2.1"), out _, out _).ShouldBeTrue();
    }

    [Fact]
    public void Row68_A_burst_of_16_then_one_in_5_seconds()
    {
        var limits = Make();
        for (var i = 0; i < 16; i++) EnterAndLeave().ShouldBeTrue();
        EnterAndLeave().ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        EnterAndLeave().ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        EnterAndLeave().ShouldBeTrue();
        EnterAndLeave().ShouldBeFalse();
        _clock.Advance(TimeSpan.FromDays(1));
        for (var i = 0; i < 16; i++) EnterAndLeave().ShouldBeTrue();
        limits.TryEnter(From("192.0.2.1"), out _, out var why).ShouldBeFalse();
        why!.ToString().ShouldBe("network 192.0.2.1: 1 inbound connections in a burst asked, 16 of 16 in use. Raise Resources:Networks:ConnectionsPerSecond to allow more.");

        bool EnterAndLeave()
        {
            if (!limits.TryEnter(From("192.0.2.1"), out var from, out _)) return false;
            limits.Leave(from);
            return true;
        }
    }

    [Theory]
    [InlineData("/ip4/127.0.0.1/tcp/4001")]
    [InlineData("/ip4/127.9.9.9/tcp/4001")]
    [InlineData("/ip6/::1/tcp/4001")]
    [InlineData("/ip6/::ffff:127.0.0.1/tcp/4001")]
    [InlineData("/memory/1")]
    [InlineData("/ip4/192.0.2.1/tcp/4001/p2p/12D3KooWSahP5pFRCEfaziPEba7urXGeif6T1y8jmodzdFUvzBHj/p2p-circuit")]
    [InlineData("/ip4/10.1.2.3/tcp/4001")]
    public void Row68_Loopback_and_what_is_exempt_is_not_limited(string address)
    {
        var limits = Make(static options => options.Exempt.Add("10.0.0.0/8"));
        for (var i = 0; i < 1000; i++) limits.TryEnter(Multiaddr.Parse(address), out _, out _).ShouldBeTrue();
        limits.Count.ShouldBe(0);
    }

    [Fact]
    public void Row68_A_million_networks_are_not_remembered_and_those_with_connections_are_not_forgotten()
    {
        var limits = Make(static options => options.MaxNetworks = 16);
        for (var i = 0; i < 8; i++) limits.TryEnter(From("192.0.2.1"), out _, out _).ShouldBeTrue();
        for (var i = 0; i < 1_000_000; i++)
        {
            limits.TryEnter(From($"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}"), out var from, out _).ShouldBeTrue();
            limits.Leave(from);
        }

        limits.Count.ShouldBeLessThanOrEqualTo(16);
        limits.TryEnter(From("192.0.2.1"), out _, out _).ShouldBeFalse();
        for (var i = 0; i < 15; i++) limits.TryEnter(From($"192.0.3.{i}"), out _, out _).ShouldBeTrue();
        limits.TryEnter(From("192.0.4.1"), out _, out var why).ShouldBeFalse();
        why!.Option.ShouldBe("Resources:Networks:MaxNetworks");
    }

    [Fact]
    public void A_mapped_address_is_the_one_that_it_maps()
    {
        var limits = Make();
        for (var i = 0; i < 8; i++) limits.TryEnter(From(i % 2 == 0 ? "192.0.2.1" : "::ffff:192.0.2.1"), out _, out _).ShouldBeTrue();
        limits.TryEnter(From("::ffff:192.0.2.1"), out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Options_are_checked()
    {
        var options = new SwarmOptions();
        options.Resources.Networks.Exempt.Add("10.0.0.0/33");
        options.Resources.Networks.MaxConnectionsPerNetwork = 65;
        options.Resources.Networks.ConnectionsPerSecond = double.NaN;
        options.Validate().Length.ShouldBe(3);
    }
}
