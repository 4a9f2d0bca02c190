using Libp2p.Swarm.Resources.Eviction;
using Libp2p.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Swarm.Tests.Resources;

public class PeerTagsTests
{
    private static readonly PeerId A = TestIdentity.Get(1).PeerId;
    private static readonly PeerId B = TestIdentity.Get(2).PeerId;
    private static readonly PeerId C = TestIdentity.Get(3).PeerId;
    private readonly FakeTimeProvider _clock = new();

    private PeerTags Make(int peers = 2, int tags = 2) => new(new ResourceOptions { MaxTaggedPeers = peers, MaxTagsPerPeer = tags }, _clock);

    [Fact]
    public void The_value_of_a_peer_is_the_sum_of_its_tags()
    {
        var tags = Make();
        tags.Tag(A, "kad", 5, null).ShouldBeTrue();
        tags.Tag(A, "app", -2, null).ShouldBeTrue();
        tags.ValueOf(A).ShouldBe(3);
        tags.Tag(A, "kad", 7, null).ShouldBeTrue();
        tags.Upsert(A, "app", static value => value * 10).ShouldBeTrue();
        tags.ValueOf(A).ShouldBe(-13);
        tags.Untag(A, "app").ShouldBeTrue();
        tags.Untag(A, "app").ShouldBeFalse();
        tags.ValueOf(A).ShouldBe(7);
        tags.ValueOf(B).ShouldBe(0);
        tags.Untag(A, "kad").ShouldBeTrue();
        tags.Count.ShouldBe(0);
        tags.Tag(A, "x", int.MaxValue, null).ShouldBeTrue();
        tags.Tag(A, "y", int.MaxValue, null).ShouldBeTrue();
        tags.ValueOf(A).ShouldBe(int.MaxValue);
    }

    [Fact]
    public void Tags_decay_by_half_lives_and_keep_them_when_changed()
    {
        var tags = Make();
        tags.Tag(A, "kad", 100, TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        tags.ValueOf(A).ShouldBe(50);
        tags.Upsert(A, "kad", static value => value + 50);
        _clock.Advance(TimeSpan.FromMinutes(2));
        tags.ValueOf(A).ShouldBe(25);
        _clock.Advance(TimeSpan.FromDays(365));
        tags.ValueOf(A).ShouldBe(0);
        Should.Throw<ArgumentOutOfRangeException>(() => tags.Tag(A, "kad", 1, TimeSpan.Zero));
    }

    [Fact]
    public void Protection_lasts_until_the_last_name_takes_it_back()
    {
        var tags = Make();
        tags.Protect(A, "app").ShouldBeTrue();
        tags.Protect(A, "app").ShouldBeTrue();
        tags.Protect(A, "kad").ShouldBeTrue();
        tags.IsProtected(A, null).ShouldBeTrue();
        tags.IsProtected(A, "kad").ShouldBeTrue();
        tags.IsProtected(A, "other").ShouldBeFalse();
        tags.ProtectionsOf(A).ShouldBe(["app", "kad"]);
        tags.Unprotect(A, "app").ShouldBeTrue();
        tags.Unprotect(A, "kad").ShouldBeFalse();
        tags.IsProtected(A, null).ShouldBeFalse();
        tags.Unprotect(A, "kad").ShouldBeFalse();
        tags.Count.ShouldBe(0);
    }

    [Fact]
    public void Memory_is_bounded_and_keeps_who_is_protected_or_worth_more()
    {
        var tags = Make();
        tags.Tag(A, "1", 10, null).ShouldBeTrue();
        tags.Tag(A, "2", 10, null).ShouldBeTrue();
        tags.Tag(A, "3", 10, null).ShouldBeFalse();
        tags.Protect(B, "1").ShouldBeTrue();
        tags.Protect(B, "2").ShouldBeTrue();
        tags.Protect(B, "3").ShouldBeFalse();
        tags.Tag(C, "1", 20, null).ShouldBeFalse();
        tags.Tag(C, "1", 21, null).ShouldBeTrue();
        tags.ValueOf(A).ShouldBe(0);
        tags.Protect(A, "1").ShouldBeTrue();
        tags.ValueOf(C).ShouldBe(0);
        tags.Protect(C, "1").ShouldBeFalse();
        tags.Count.ShouldBe(2);
        Should.Throw<ArgumentException>(() => tags.Tag(A, "", 1, null));
        Should.Throw<ArgumentException>(() => tags.Protect(A, new string('x', 129)));
    }
}
