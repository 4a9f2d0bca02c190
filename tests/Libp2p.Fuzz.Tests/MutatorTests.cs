using Libp2p.Fuzz.Mutation;

namespace Libp2p.Fuzz.Tests;

public class MutatorTests
{
    private static readonly byte[][] Inputs = [[], [1], [.. "hello, hello"u8], new byte[32]];

    [Fact]
    public void The_seed_decides_everything()
    {
        var (one, same, other) = (Run(7), Run(7), Run(8));
        same.ShouldBe(one);
        other.ShouldNotBe(one);
    }

    [Fact]
    public void Nothing_is_longer_than_the_target_takes()
    {
        var mutator = new Mutator(new Picky(), 1);
        for (var i = 0; i < 20_000; i++)
        {
            mutator.Next(Inputs).Length.ShouldBeLessThanOrEqualTo(32);
        }
    }

    [Fact]
    public void Words_of_the_dictionary_and_parts_of_other_inputs_are_used()
    {
        var spliced = Convert.ToHexString("hello"u8) + "000000";
        var all = Run(1).Select(Convert.ToHexString).ToList();
        all.ShouldContain(text => text.Contains("CAFEBABE"));
        all.ShouldContain(text => text.Contains(spliced));
    }

    private static List<byte[]> Run(ulong seed)
    {
        var mutator = new Mutator(new Picky(), seed);
        return [.. Enumerable.Range(0, 5000).Select(_ => mutator.Next(Inputs).ToArray())];
    }
}
