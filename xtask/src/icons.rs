//! Draws `icons/icon.svg` in every size and form the platforms ask for. What it writes is
//! committed, so that building needs no rasteriser.

use anyhow::Result;

use crate::tools;

/// Draws all icons, with the rasteriser that only a build with the feature `icons` has.
#[cfg(not(feature = "icons"))]
pub(crate) fn draw() -> Result<()> {
    tools::again("icons")
}

/// Draws all icons.
#[cfg(feature = "icons")]
pub(crate) fn draw() -> Result<()> {
    drawing::all(&tools::root().join("icons"))
}

#[cfg(feature = "icons")]
mod drawing {
    use std::fs::{self, File};
    use std::path::Path;

    use anyhow::{Context, Result};
    use resvg::tiny_skia::{Pixmap, Transform};
    use resvg::usvg::{Options, Tree};

    /// File name and edge in pixels. The first is the one a Linux window takes for its own.
    const PNG: [(&str, u32); 8] = [
        ("128x128@2x.png", 256),
        ("32x32.png", 32),
        ("48x48.png", 48),
        ("64x64.png", 64),
        ("128x128.png", 128),
        ("256x256.png", 256),
        ("icon.png", 512),
        ("1024x1024.png", 1024),
    ];
    /// Edges in the Windows icon.
    const ICO: [u32; 6] = [16, 24, 32, 48, 64, 256];
    /// Edges in the macOS icon.
    const ICNS: [u32; 7] = [16, 32, 64, 128, 256, 512, 1024];

    pub(super) fn all(folder: &Path) -> Result<()> {
        let source = fs::read(folder.join("icon.svg")).context("icons/icon.svg is missing")?;
        let tree = Tree::from_data(&source, &Options::default())
            .context("icons/icon.svg is not a drawing")?;

        for (name, edge) in PNG {
            fs::write(folder.join(name), raster(&tree, edge)?.encode_png()?)?;
        }

        let mut windows = ico::IconDir::new(ico::ResourceType::Icon);
        for edge in ICO {
            let image = ico::IconImage::from_rgba_data(edge, edge, straight(&tree, edge)?);
            windows.add_entry(ico::IconDirEntry::encode(&image)?);
        }
        windows.write(File::create(folder.join("icon.ico"))?)?;

        let mut mac = icns::IconFamily::new();
        for edge in ICNS {
            let image = icns::Image::from_data(
                icns::PixelFormat::RGBA,
                edge,
                edge,
                straight(&tree, edge)?,
            )?;
            mac.add_icon(&image)?;
        }
        mac.write(File::create(folder.join("icon.icns"))?)?;

        println!("icons: {} files in icons/", PNG.len() + 2);
        Ok(())
    }

    fn raster(tree: &Tree, edge: u32) -> Result<Pixmap> {
        let mut pixmap = Pixmap::new(edge, edge).context("an icon has at least one pixel")?;
        let scale = edge as f32 / tree.size().width();
        resvg::render(
            tree,
            Transform::from_scale(scale, scale),
            &mut pixmap.as_mut(),
        );
        Ok(pixmap)
    }

    /// Pixels as red, green, blue and opacity, not multiplied with each other.
    fn straight(tree: &Tree, edge: u32) -> Result<Vec<u8>> {
        let pixmap = raster(tree, edge)?;
        Ok(pixmap
            .pixels()
            .iter()
            .flat_map(|pixel| {
                let pixel = pixel.demultiply();
                [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
            })
            .collect())
    }
}
