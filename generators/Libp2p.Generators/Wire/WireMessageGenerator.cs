using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Wire;

/// <summary>Wire messages from partial types marked <c>[WireMessage]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class WireMessageGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
    }
}
