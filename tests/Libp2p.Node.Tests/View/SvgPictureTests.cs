using Libp2p.Node.View;

namespace Libp2p.Node.Tests.View;

public sealed class SvgPictureTests
{
    /// <summary>The README's picture is drawn by the program itself.</summary>
    [Fact]
    public void The_picture_in_the_docs_is_what_the_program_draws()
    {
        const int Width = 114;
        var model = Samples.Model(5);
        Snapshot.Match(SvgPicture.Of(ViewRenderer.Draw(model, Width, 26), Width), Snapshot.Folder("Docs"), "view.svg");
    }
}
