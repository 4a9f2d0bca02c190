using Libp2p.Certificates;
using Libp2p.TestKit;

namespace Libp2p.Security.Tls.Tests.Certificates;

public sealed class CertificateCacheTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Fact]
    public void A_remote_that_comes_again_is_known_and_the_least_recently_used_gives_way()
    {
        var cache = new PeerCertificates(2);
        var first = cache.Verify(Vectors.SpecDer(1), Now);
        cache.Verify(Vectors.SpecDer(2), Now);
        cache.Verify(Vectors.SpecDer(1), Now).ShouldBeSameAs(first);
        cache.Verify(Vectors.SpecDer(3), Now);
        cache.Count.ShouldBe(2);
        cache.Verify(Vectors.SpecDer(1), Now).ShouldBeSameAs(first);
        cache.Count.ShouldBe(2);
    }

    [Fact]
    public void Without_room_each_is_verified()
    {
        var cache = new PeerCertificates(0);
        var first = cache.Verify(Vectors.SpecDer(1), Now);
        cache.Verify(Vectors.SpecDer(1), Now).ShouldNotBeSameAs(first);
        cache.Count.ShouldBe(0);
    }

    [Fact]
    public void What_is_refused_is_not_remembered_and_what_is_remembered_expires()
    {
        var cache = new PeerCertificates(8);
        Should.Throw<PeerCertificateException>(() => cache.Verify(Vectors.SpecDer(4), Now));
        cache.Count.ShouldBe(0);
        using var own = OwnCertificate.Create(TestIdentity.Dialer, Now, TimeSpan.FromDays(1));
        cache.Verify(own.RawData, Now).ShouldBe(TestIdentity.Dialer.PublicKey);
        Should.Throw<PeerCertificateException>(() => cache.Verify(own.RawData, Now.AddDays(2)));
    }

    [Fact]
    public void A_node_shows_one_certificate_an_identity_until_half_of_its_life_is_over()
    {
        var own = new OwnCertificates<object>(static (_, _) => new object(), TimeSpan.FromDays(10));
        var first = own.Get(TestIdentity.Dialer, Now);
        own.Get(TestIdentity.Dialer, Now.AddDays(4.9)).ShouldBeSameAs(first);
        own.Get(TestIdentity.Listener, Now).ShouldNotBeSameAs(first);
        var second = own.Get(TestIdentity.Dialer, Now.AddDays(5));
        second.ShouldNotBeSameAs(first);
        own.Get(TestIdentity.Dialer, Now.AddDays(9)).ShouldBeSameAs(second);

        // The clock was set back to before it is valid.
        own.Get(TestIdentity.Dialer, Now).ShouldNotBeSameAs(second);
    }
}
