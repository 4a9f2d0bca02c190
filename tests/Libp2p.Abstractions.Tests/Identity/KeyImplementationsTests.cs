namespace Libp2p.Abstractions.Tests.Identity;

public class KeyImplementationsTests
{
    [Fact]
    public void Every_type_has_a_library_with_a_version()
    {
        foreach (var type in Enum.GetValues<KeyType>()) KeyImplementations.Of(type).ShouldMatch(@"^(BouncyCastle|\.NET) \d+\.\d+\.\d+", type.ToString());
        Should.Throw<ArgumentOutOfRangeException>(() => KeyImplementations.Of((KeyType)4));
    }
}
