namespace Libp2p.Multiformats.Tests;

public class AllocationTests
{
    // An object whose bytes lie in itself; with an array beside it there would be two, of 24 bytes at the least.
    private const long OneObject = 96;

    public static TheoryData<string> Addresses => ["/ip4/127.0.0.1/tcp/4001", "/ip4/1.2.3.4/tcp/4001/p2p/12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq", "/ip6/2001:db8::1/udp/4001/quic-v1"];

    public static TheoryData<string> Cids => ["QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n", "bafkreie5qrjvaw64n4tjm6hbnm7fnqvcssfed4whsjqxzslbd3jwhsk3mm"];

    [Theory]
    [MemberData(nameof(Addresses))]
    public void Multiaddrs_are_parsed_and_printed_in_one_allocation_each(string text)
    {
        var bytes = Multiaddr.Parse(text).Span.ToArray();
        var held = new object[1];

        Allocations.LeastOf(() => held[0] = Multiaddr.Parse(text)).ShouldBeLessThanOrEqualTo(OneObject);
        Allocations.LeastOf(() => held[0] = Multiaddr.Decode(bytes)).ShouldBeLessThanOrEqualTo(OneObject);
        LeastToPrint(() => Multiaddr.Decode(bytes)).ShouldBeLessThanOrEqualTo(SizeOf(text));
    }

    [Theory]
    [MemberData(nameof(Cids))]
    public void Cids_are_parsed_and_printed_in_one_allocation_each(string text)
    {
        var bytes = Cid.Parse(text).Span.ToArray();
        var held = new object[1];

        Allocations.LeastOf(() => held[0] = Cid.Parse(text)).ShouldBeLessThanOrEqualTo(OneObject + 16);
        Allocations.LeastOf(() => held[0] = Cid.Decode(bytes)).ShouldBeLessThanOrEqualTo(OneObject + 16);
        LeastToPrint(() => Cid.Decode(bytes)).ShouldBeLessThanOrEqualTo(SizeOf(text));
    }

    [Fact]
    public void Components_are_looked_at_without_any()
    {
        var address = Multiaddr.Parse("/ip4/1.2.3.4/tcp/4001/p2p/12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq");
        var sum = 0;

        Allocations.LeastOf(() =>
        {
            foreach (var component in address.Components) sum += component.Value.Length;
            if (address.IsPrivate || address.IsResolvable) sum++;
        }).ShouldBe(0);
        sum.ShouldBeGreaterThan(0);
    }

    // What decoders hold is bounded by what they were given: a refusal tells of the input without growing with what the input claims.
    [Fact]
    public void Hostile_lengths_allocate_no_more_than_the_refusal()
    {
        byte[] claimsMuch = [0x91, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1, 2, 3]; // /unix of 2 GiB
        byte[] hashClaimsMuch = [0x01, 0x55, 0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1];

        Allocations.LeastOf(() => Multiaddr.TryDecode(claimsMuch, out _, out _)).ShouldBeLessThan(2048);
        Allocations.LeastOf(() => Cid.TryDecode(hashClaimsMuch, out _, out _)).ShouldBeLessThan(2048);
        Allocations.LeastOf(() => Multihash.TryParse(hashClaimsMuch.AsSpan(2), out _)).ShouldBeLessThan(2048);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(4000)]
    public void What_is_read_costs_a_constant_factor_of_its_text(int length)
    {
        var address = "/unix/" + new string('x', length);
        var multibase = "u" + new string('A', length);
        var held = new object[1];

        Allocations.LeastOf(() => held[0] = Multiaddr.Parse(address)).ShouldBeLessThan(256 + (2 * length));
        Allocations.LeastOf(() => held[0] = Multibase.Decode(multibase, out _)).ShouldBeLessThan(256 + (2 * length));
    }

    private static long LeastToPrint(Func<object> make)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var value = make();
            var before = GC.GetAllocatedBytesForCurrentThread();
            _ = value.ToString();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static long SizeOf(string text) => 24 + (2 * text.Length) + 8;
}
