using Libp2p.Multiformats;
using Libp2p.Protocols.Identify;

namespace Libp2p.Protocols.Tests.Identify;

public sealed class PushLimiterTests
{
    private static readonly TimeSpan _start = TimeSpan.FromDays(1);
    private static readonly Multiaddr _loopback = Multiaddr.Parse("/ip4/127.0.0.1/tcp/1");

    [Fact]
    public void Row41_32_at_once_and_no_more_until_one_leaves()
    {
        var limiter = new PushLimiter(new IdentifyOptions());
        for (var i = 0; i < 32; i++)
        {
            limiter.TryEnter(_loopback, _start).ShouldBeTrue();
        }

        limiter.TryEnter(_loopback, _start).ShouldBeFalse();
        limiter.Leave();
        limiter.TryEnter(_loopback, _start).ShouldBeTrue();
        limiter.TryEnter(_loopback, _start).ShouldBeFalse();
    }

    [Fact]
    public void Row41_2000_a_second_from_all()
    {
        var limiter = new PushLimiter(new IdentifyOptions());
        Enter(limiter, _loopback, _start, 5000).ShouldBe(2000);
        Enter(limiter, _loopback, _start + TimeSpan.FromSeconds(0.5), 5000).ShouldBe(1000);
        Enter(limiter, _loopback, _start + TimeSpan.FromSeconds(100), 5000).ShouldBe(2000);
    }

    [Theory]
    [InlineData("/ip4/203.0.113.{0}/tcp/4001", "/ip4/203.0.114.1/tcp/4001")]
    [InlineData("/ip6/2001:db8:0:1{0:x2}::1/tcp/4001", "/ip6/2001:db8:1::1/tcp/4001")]
    public void Row41_One_network_gets_a_burst_of_16_and_then_one_in_5_seconds(string network, string other)
    {
        var limiter = new PushLimiter(new IdentifyOptions());
        var taken = Enumerable.Range(0, 64).Sum(i => Enter(limiter, Multiaddr.Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, network, i)), _start, 1));
        taken.ShouldBe(16);
        Enter(limiter, Multiaddr.Parse(other), _start, 1).ShouldBe(1);
        var one = Multiaddr.Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, network, 1));
        Enter(limiter, one, _start + TimeSpan.FromSeconds(4.9), 5).ShouldBe(0);
        Enter(limiter, one, _start + TimeSpan.FromSeconds(5.1), 5).ShouldBe(1);
        Enter(limiter, one, _start + TimeSpan.FromSeconds(1000), 100).ShouldBe(16);
    }

    [Fact]
    public void Row41_Refusals_of_one_network_cost_the_others_nothing()
    {
        var limiter = new PushLimiter(new IdentifyOptions());
        Enter(limiter, Multiaddr.Parse("/ip4/203.0.113.1/tcp/1"), _start, 10_000).ShouldBe(16);
        Enter(limiter, _loopback, _start, 10_000).ShouldBe(2000 - 16);
    }

    [Fact]
    public void Row41_A_million_networks_are_not_remembered()
    {
        var options = new IdentifyOptions { MaxPushesPerSecond = 1_000_000 };
        var limiter = new PushLimiter(options);
        var entered = 0;
        for (var i = 0; i < 10_000; i++)
        {
            entered += Enter(limiter, Multiaddr.Parse($"/ip4/20.{i >> 8}.{i & 255}.1/tcp/1"), _start, 1);
        }

        // Strangers are refused while all that are remembered are busy.
        entered.ShouldBe(IdentifyLimits.Networks);

        // Those that have been quiet long enough make room.
        Enter(limiter, Multiaddr.Parse("/ip4/40.1.1.1/tcp/1"), _start + TimeSpan.FromSeconds(10), 1).ShouldBe(1);
    }

    private static int Enter(PushLimiter limiter, Multiaddr remote, TimeSpan now, int times)
    {
        var entered = 0;
        for (var i = 0; i < times; i++)
        {
            if (limiter.TryEnter(remote, now))
            {
                entered++;
                limiter.Leave();
            }
        }

        return entered;
    }
}
