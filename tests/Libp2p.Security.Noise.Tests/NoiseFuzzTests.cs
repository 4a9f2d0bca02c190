using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests;

public sealed class NoiseFuzzTests
{
    private const int Rounds = 2500;

    [Fact]
    public void The_seeds_themselves_are_accepted()
    {
        foreach (var seed in NoiseFuzz.Seeds)
        {
            NoiseFuzz.Accept(seed);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_input_of_strangers_is_refused_as_promised(int seed)
    {
        var random = new SeededRandomSource(seed);
        var seeds = NoiseFuzz.Seeds;
        for (var round = 0; round < Rounds; round++)
        {
            var data = Mutate(seeds[random.Next(seeds.Length)], random);
            try
            {
                NoiseFuzz.Target(data);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Round {round} of seed {seed}: {Convert.ToHexString(data)}", e);
            }
        }
    }

    private static byte[] Mutate(byte[] seed, SeededRandomSource random)
    {
        var bytes = new List<byte>(seed);
        for (var i = 0; i <= random.Next(4); i++)
        {
            var at = 1 + random.Next(Math.Max(1, bytes.Count - 1));
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(Math.Min(at, bytes.Count), DuplexBytes.Pattern(random.Next(40), random.Next(1000)));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    var from = 1 + random.Next(bytes.Count - 1 + 1);
                    bytes.AddRange(bytes.Skip(from).Take(random.Next(100)).ToArray());
                    break;
            }

            if (bytes.Count < 2)
            {
                bytes.Add(0);
            }
        }

        return [.. bytes];
    }
}
